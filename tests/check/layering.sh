#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# No room includes what design 2 forbids (rooms.txt), and only one file of the ui knows ncurses.
. "$(dirname "$0")/lib.sh"

declare -A may
while IFS=: read -r room rest; do
	[[ $room == \#* || -z $room ]] || may[$room]=" $rest "
done <tests/check/rooms.txt

rooms=" base compile image loader transport decode model sink demo ui app "
checked=0
while read -r file; do
	case $file in
	src/main.c) room=main ;;
	src/*/*) room=${file#src/} room=${room%%/*} ;;
	bpf_text/*) room=bpf_text ;;
	*) continue ;;
	esac
	[ -n "${may[$room]+x}" ] || { bad "$file: room $room is not in rooms.txt"; continue; }
	while IFS=: read -r line include; do
		checked=$((checked + 1))
		name=$(sed -E 's/^[[:space:]]*#[[:space:]]*include[[:space:]]*["<]([^">]*)[">].*/\1/' <<<"$include")
		# A plain name is the file's own directory, or the shared headers of bpf_text.
		case $name in
		ebt_abi.h | bpf_text/ebt_abi.h | ebt_members.h) want=abi ;;
		embed.h | bpf_text/embed.h) want=text ;;
		bcc/*) want='<bcc>' ;;
		*curses.h | panel.h | menu.h | form.h | term.h) want='<curses>' ;;
		../*)
			bad "$file:$line: include by room, not by relative path: $name"
			continue
			;;
		*/*)
			other=${name%%/*}
			[[ $rooms == *" $other "* ]] || continue
			want=$other/
			;;
		*) continue ;;
		esac
		# The ui's own term.h is in quotes; ncurses' is in brackets.
		[[ $want == '<curses>' && $include == *\"* ]] && continue
		[ "$room" = bpf_text ] && [[ $want == abi || $want == text ]] && continue
		[ "$want" = "$room/" ] || [[ ${may[$room]} == *" $want "* ]] || [[ ${may[$room]} == *" $name "* ]] ||
			bad "$file:$line: $room may not include $name (tests/check/rooms.txt)"
	done < <(grep -nE '^[[:space:]]*#[[:space:]]*include' "$file")
done < <(project_files '*.c' '*.h')
[ "$checked" -gt 0 ] || bad "no #include found at all"

curses=$(project_files 'src/ui/*.c' 'src/ui/*.h' | xargs -r grep -lE '#[[:space:]]*include[[:space:]]*<.*(curses|term)\.h>' | wc -l)
[ "$curses" -le 1 ] || bad "one file of the ui may know ncurses, $curses do"
finish
