# SPDX-License-Identifier: BSD-3-Clause
# Print a line for each thing of an event that the schema does not allow: jq -r --slurpfile fields FIELDS -f check.jq EVENTS
(if $fields | length > 2000 then $fields | map({ (.name): . }) | add else error("the table of fields is not whole") end) as $schema
| def is($want):
	if $want | IN("keyword", "constant_keyword", "wildcard", "match_only_text", "text", "ip") then type == "string"
	elif $want == "long" then type == "number" and . == floor
	elif $want | IN("float", "scaled_float") then type == "number"
	elif $want == "boolean" then type == "boolean"
	elif $want == "date" then type == "string" and test("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,9})?Z$")
	elif $want == "object" then type == "object" and all(.[]; type == "string")
	else false end;
def fields($path):
	to_entries[] | (if $path == "" then .key else "\($path).\(.key)" end) as $name | $schema[$name] as $rule | .value
	| if $rule == null then
		if type == "object" then fields($name) else "\($name) is no field of the schema" end
	elif type == "object" and $rule.type != "object" then fields($name)
	elif (type == "array") != $rule.array then "\($name) is \(if $rule.array then "no" else "a" end) list"
	else (if type == "array" then .[] else . end)
		| (select(is($rule.type) | not) | "\($name) is not of the type \($rule.type): \(.)"),
		(. as $value | select($rule.values != null and type == "string" and ($rule.values | has($value) | not))
			| "\($name) may not be \(.)")
	end;
. as $event
| fields(""),
($schema[] | select(.required) | .name | select(. as $name | $event | (.[$name] // getpath($name / ".")) == null) | "\(.) is required"),
([.event.category[]? | $schema["event.category"].values[.] // []] | add // []) as $types
| .event.type[]? | select(IN($types[]) | not) | "event.type \(.) is not one of the event.category"
