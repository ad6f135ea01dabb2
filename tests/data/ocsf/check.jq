# SPDX-License-Identifier: BSD-3-Clause
# Print a line for each thing of an event that the schema does not allow: jq -r --slurpfile schema used.json -f check.jq EVENTS
$schema[0] as $s
| def scalar($want):
	if $want == "int" then type == "number" and . == floor
	elif $want == "str" then type == "string"
	elif $want == "bool" then type == "boolean"
	else true end;
def attributes($kind; $spec; $path; $profiles):
	. as $o
	| ($spec | to_entries[] | select(.value | contains("!")) | .key | select(in($o) | not) | "\($path)\(.) is required"),
	(to_entries[]
		| .key as $key | .value as $value | ($spec[$key] // "") as $rule
		| if $rule == "" then "\($path)\($key) is no attribute of the release"
		else
			($rule | capture("^(?<array>\\[)?(?<type>[a-z_]+)\\]?!?(@(?<profile>.*))?$")) as $r
			| (if $r.profile and ($profiles | index($r.profile) | not) then "\($path)\($key) needs the profile \($r.profile)" else empty end),
			(if $r.array then $value | if type == "array" then .[] else "no array" end else $value end
				| if $s.objects[$r.type] then
					if type != "object" then "\($path)\($key) is no object"
					else
						(. as $v | ($s.at_least_one[$r.type] // empty) | select(any(.[]; in($v)) | not) | "\($path)\($key) has none of \(join(", "))"),
						attributes($r.type; $s.objects[$r.type]; "\($path)\($key)."; $profiles)
					end
				elif scalar($r.type) then
					$s.values["\($kind).\($key)"] as $values | select($values and (IN($values[]) | not)) | "\($path)\($key) may not be \(.)"
				else "\($path)\($key) is not of the type \($r.type)" end)
		end);
. as $event
| (if .metadata.version == $s.version then empty else "metadata.version is not \($s.version)" end),
(if $s.classes[.class_uid | tostring] then attributes(.class_uid | tostring; $s.classes[.class_uid | tostring]; ""; .metadata.profiles)
	else "there is no class \(.class_uid)" end),
(if .type_uid == .class_uid * 100 + .activity_id then empty else "type_uid is not that of the activity" end),
(.metadata.profiles[] | select($s.profiles[.] == null) | "there is no profile \(.)")
