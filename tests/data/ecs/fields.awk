# SPDX-License-Identifier: BSD-3-Clause
# Make a line of JSON for each field of ECS: zcat ecs_flat.ts.gz | awk -f fields.awk. The file is written by a program, one member
# a line: a field begins at two spaces, its members stand at four, the members of an allowed value at eight.
BEGIN { q = "'" }
function text(line) { # the first text in quotes of a line
	sub("^[^" q "]*" q, "", line)
	sub(q ".*", "", line)
	return line
}
function list(line) { # a list on one line
	sub(/^[^[]*/, "", line)
	sub(/,$/, "", line)
	gsub(q, "\"", line)
	return line
}
# A list that is too long for a line has its values on lines of their own.
in_types { if (/^ *\]/) { in_types = 0; types = types "]" } else types = types (types == "[" ? "" : ",") "\"" text($0) "\""; next }
/^  [^ ].*: \{$/ { values = ""; array = required = "false"; type = name = "" }
/^    flat_name: / { name = text($0) }
/^    type: / { type = text($0) }
/^    required: true,$/ { required = "true" }
/^    normalize: \[.*array/ { array = "true" }
/^    allowed_values: \[$/ { in_values = 1 }
/^    \],$/ { in_values = 0 }
in_values && /^      \{$/ { value = ""; types = "null" }
in_values && /^        expected_event_types: \[$/ { in_types = 1; types = "[" }
in_values && /^        expected_event_types: \[.+\],$/ { types = list($0) }
in_values && /^        name: / { value = text($0) }
in_values && /^      \},$/ { values = values (values == "" ? "" : ",") "\"" value "\":" types }
/^  \},$/ { printf "{\"name\":\"%s\",\"type\":\"%s\",\"array\":%s,\"required\":%s,\"values\":%s}\n", name, type, array, required, values == "" ? "null" : "{" values "}" }
