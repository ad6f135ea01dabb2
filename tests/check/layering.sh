#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# Every include goes to a room that rooms.txt allows, no room reaches a forbidden one through other headers, and only the terminal
# knows ncurses.
. "$(dirname "$0")/lib.sh"

# One line an include: FILE LINE NAME, NAME in the brackets or quotes it was written with.
includes() {
	project_files 'src/*.c' 'src/*.h' 'bpf_text/*.c' 'bpf_text/*.h' |
		xargs -r grep -nHoE '^[[:space:]]*#[[:space:]]*include[[:space:]]*["<][^">]*[">]' |
		sed -E 's/^([^:]*):([0-9]+):[[:space:]]*#[[:space:]]*include[[:space:]]*/\1 \2 /'
}

report=$(includes | awk -v rooms_file=tests/check/rooms.txt '
	function complain(text) { print text; bad = 1 }
	# The room of a path below src/: the longest name in rooms.txt that the path begins with.
	function room_of(path,	best, r) {
		best = ""
		for (r in may)
			if (index(path, r "/") == 1 && length(r) > length(best))
				best = r
		return path ~ /^[^\/]*$/ ? "main" : best
	}
	function allowed(room, other, name,	i, n, words) {
		n = split(may[room], words, " ")
		for (i = 1; i <= n; i++)
			if (words[i] == other "/" || words[i] == name || words[i] == other)
				return 1
		return room == other
	}
	# Follow the headers that FILE of room ORIGIN includes.
	function follow(origin, file, via,	i, n, list, other) {
		n = split(takes[file], list, " ")
		for (i = 1; i <= n; i++) {
			if (seen[origin, list[i]]++)
				continue
			other = room_of(list[i])
			if (index(" " never[origin] " ", " " other "/ ") && other != origin)
				complain("src/" via ": " origin " must not reach src/" list[i] ", and does through src/" file)
			follow(origin, list[i], via)
		}
	}
	BEGIN {
		while ((getline line < rooms_file) > 0) {
			if (line ~ /^#/ || line == "")
				continue
			name = line; sub(/:.*/, "", name); rest = line; sub(/^[^:]*:/, "", rest)
			if (name ~ / never$/) { sub(/ never$/, "", name); never[name] = rest }
			else may[name] = rest
		}
	}
	{
		checked++
		file = $1; quoted = $3 ~ /^"/; name = substr($3, 2, length($3) - 2)
		if (file ~ /^bpf_text\//) next # the texts include one another by plain names
		path = file; sub(/^src\//, "", path)
		room = room_of(path)
		if (room == "") { complain(file ": its folder is no room of rooms.txt"); next }
		where = file ":" $2 ": " room " may not include " name " (tests/check/rooms.txt)"
		if (name ~ /^\.\.?\//) complain(file ":" $2 ": include by room, not by relative path: " name)
		else if (name ~ /^(bpf_text\/)?(ebt_abi|ebt_members|ebt_ph|ebt_ph_abi|ebt_ph_profile)\.h$/) { if (!allowed(room, "abi", name)) complain(where) }
		else if (name ~ /^(bpf_text\/)?embed\.h$/) { if (!allowed(room, "text", name)) complain(where) }
		else if (!quoted && name ~ /^bcc\//) { if (!allowed(room, "<bcc>", name)) complain(where) }
		else if (!quoted && name ~ /(curses|panel|menu|form|^term)\.h$/) { if (!allowed(room, "<curses>", name)) complain(where) }
		else if (quoted) {
			other = room_of(name)
			if (name !~ /\// || other == "" || system("test -f src/" name) != 0)
				complain(file ":" $2 ": no header of a room: " name)
			else if (!allowed(room, other, name)) complain(where)
			takes[path] = takes[path] " " name
		}
	}
	END {
		if (!checked) complain("no #include found at all")
		for (origin in never)
			for (path in takes)
				if (room_of(path) == origin) follow(origin, path, path)
		exit bad
	}') || bad "$report"

while read -r file; do
	[[ $file == src/ui/tui/term*.[ch] ]] || bad "$file: only src/ui/tui/term*.[ch] may know ncurses"
done < <(project_files 'src/*.c' 'src/*.h' | xargs -r grep -lE '#[[:space:]]*include[[:space:]]*<.*(curses|term)\.h>')
finish
