/* SPDX-License-Identifier: BSD-3-Clause */
/* compile_args.c - from the manuals of gcc(1) and clang(1). */
#include "export/compile_args.h"

#include <ctype.h>

#include "base/cleanup.h"

static bool args_is(struct ebt_bytes a, const char *text)
{
	return ebt_bytes_equal(a, ebt_bytes_from(text));
}

static bool args_begins(struct ebt_bytes a, const char *text)
{
	size_t len = strlen(text);

	return a.len >= len && memcmp(a.data, text, len) == 0;
}

static bool args_ends(struct ebt_bytes a, const char *text)
{
	size_t len = strlen(text);

	return a.len >= len && memcmp(a.data + a.len - len, text, len) == 0;
}

/* Cuts "-12" or "-4.9.2" off the end. */
static struct ebt_bytes without_version(struct ebt_bytes name)
{
	size_t at = name.len;

	while (at > 0 && (isdigit((unsigned char)name.data[at - 1]) || name.data[at - 1] == '.'))
		at--;
	if (at > 1 && at < name.len && name.data[at - 1] == '-' &&
	    isdigit((unsigned char)name.data[at]))
		name.len = at - 1;
	return name;
}

bool ebt_compile_is_compiler(struct ebt_bytes path)
{
	/* May have a target before them and a version behind. */
	static const char *const names[] = { "gcc", "g++", "gfortran", "clang", "clang++" };
	static const char *const plain[] = { "cc", "c++", "cxx", "CC" };
	struct ebt_bytes name = ebt_bytes_basename(path), stem;

	for (size_t i = 0; i < EBT_ARRAY_SIZE(plain); i++)
		if (args_is(name, plain[i]))
			return true;
	stem = without_version(name);
	for (size_t i = 0; i < EBT_ARRAY_SIZE(names); i++) {
		size_t len = strlen(names[i]);

		if (args_ends(stem, names[i]) &&
		    (stem.len == len || stem.data[stem.len - len - 1] == '-'))
			return true;
	}
	return false;
}

bool ebt_compile_is_wrapper(struct ebt_bytes path)
{
	static const char *const names[] = { "ccache", "distcc", "sccache", "icecc" };
	struct ebt_bytes name = ebt_bytes_basename(path);

	for (size_t i = 0; i < EBT_ARRAY_SIZE(names); i++)
		if (args_is(name, names[i]))
			return true;
	return false;
}

enum form {
	EXACT,	  /* -c */
	NEXT,	  /* -include FILE */
	EITHER,	  /* -I DIR and -IDIR */
	BEGINNING /* -Wl,… */
};

/* The first that fits counts. */
static const struct option {
	const char *text;
	enum form form;
	enum ebt_compile_arg kind;
} options[] = {
	{ "-c", EXACT, EBT_CARG_NO_LINK },
	{ "-S", EXACT, EBT_CARG_NO_LINK },
	{ "-o", EITHER, EBT_CARG_OUTPUT },
	{ "-E", EXACT, EBT_CARG_NONE },
	{ "-M", EXACT, EBT_CARG_NONE },
	{ "-MM", EXACT, EBT_CARG_NONE },
	{ "-###", EXACT, EBT_CARG_NONE },
	{ "-cc1", EXACT, EBT_CARG_NONE },
	{ "-cc1as", EXACT, EBT_CARG_NONE },
	{ "--version", EXACT, EBT_CARG_NONE },
	{ "--help", BEGINNING, EBT_CARG_NONE },
	{ "--target-help", EXACT, EBT_CARG_NONE },
	{ "-dumpversion", EXACT, EBT_CARG_NONE },
	{ "-dumpmachine", EXACT, EBT_CARG_NONE },
	{ "-dumpspecs", EXACT, EBT_CARG_NONE },
	{ "-print-", BEGINNING, EBT_CARG_NONE },
	{ "--print-", BEGINNING, EBT_CARG_NONE },
	/* dependency files */
	{ "-MD", EXACT, EBT_CARG_DROP },
	{ "-MMD", EXACT, EBT_CARG_DROP },
	{ "-MG", EXACT, EBT_CARG_DROP },
	{ "-MP", EXACT, EBT_CARG_DROP },
	{ "-MF", EITHER, EBT_CARG_DROP },
	{ "-MT", EITHER, EBT_CARG_DROP },
	{ "-MQ", EITHER, EBT_CARG_DROP },
	/* linker */
	{ "-L", EITHER, EBT_CARG_DROP },
	{ "-l", EITHER, EBT_CARG_DROP },
	{ "-Wl,", BEGINNING, EBT_CARG_DROP },
	{ "-Xlinker", NEXT, EBT_CARG_DROP },
	{ "-T", NEXT, EBT_CARG_DROP },
	{ "-u", NEXT, EBT_CARG_DROP },
	{ "-z", NEXT, EBT_CARG_DROP },
	{ "-e", NEXT, EBT_CARG_DROP },
	{ "-entry", BEGINNING, EBT_CARG_DROP },
	{ "-nostartfiles", EXACT, EBT_CARG_DROP },
	{ "-nodefaultlibs", EXACT, EBT_CARG_DROP },
	{ "-nolibc", EXACT, EBT_CARG_DROP },
	{ "-nostdlib", EXACT, EBT_CARG_DROP },
	{ "-pie", EXACT, EBT_CARG_DROP },
	{ "-no-pie", EXACT, EBT_CARG_DROP },
	{ "-r", EXACT, EBT_CARG_DROP },
	{ "-rdynamic", EXACT, EBT_CARG_DROP },
	{ "-s", EXACT, EBT_CARG_DROP },
	{ "-symbolic", EXACT, EBT_CARG_DROP },
	{ "-static", BEGINNING, EBT_CARG_DROP },
	{ "-shared", BEGINNING, EBT_CARG_DROP },
	{ "-fuse-ld", BEGINNING, EBT_CARG_DROP },
	{ "-flinker-output", BEGINNING, EBT_CARG_DROP },
	/* whose value may be the next argument */
	{ "-include", NEXT, EBT_CARG_KEEP },
	{ "-imacros", NEXT, EBT_CARG_KEEP },
	{ "-isystem", NEXT, EBT_CARG_KEEP },
	{ "-iquote", NEXT, EBT_CARG_KEEP },
	{ "-idirafter", NEXT, EBT_CARG_KEEP },
	{ "-iprefix", NEXT, EBT_CARG_KEEP },
	{ "-iwithprefix", NEXT, EBT_CARG_KEEP },
	{ "-iwithprefixbefore", NEXT, EBT_CARG_KEEP },
	{ "-isysroot", NEXT, EBT_CARG_KEEP },
	{ "-imultilib", NEXT, EBT_CARG_KEEP },
	{ "--sysroot", NEXT, EBT_CARG_KEEP },
	{ "--param", NEXT, EBT_CARG_KEEP },
	{ "-target", NEXT, EBT_CARG_KEEP },
	{ "-arch", NEXT, EBT_CARG_KEEP },
	{ "-Xpreprocessor", NEXT, EBT_CARG_KEEP },
	{ "-Xassembler", NEXT, EBT_CARG_KEEP },
	{ "-Xclang", NEXT, EBT_CARG_KEEP },
	{ "-mllvm", NEXT, EBT_CARG_KEEP },
	{ "-aux-info", NEXT, EBT_CARG_KEEP },
	{ "-dumpbase", NEXT, EBT_CARG_KEEP },
	{ "-dumpbase-ext", NEXT, EBT_CARG_KEEP },
	{ "-dumpdir", NEXT, EBT_CARG_KEEP },
	{ "-wrapper", NEXT, EBT_CARG_KEEP },
	{ "-x", EITHER, EBT_CARG_KEEP },
	{ "-A", EITHER, EBT_CARG_KEEP },
	{ "-D", EITHER, EBT_CARG_KEEP },
	{ "-U", EITHER, EBT_CARG_KEEP },
	{ "-I", EITHER, EBT_CARG_KEEP },
	{ "-B", EITHER, EBT_CARG_KEEP },
};

static bool is_source(struct ebt_bytes file)
{
	static const char *const endings[] = {
		"c",   "C",   "cc",  "CC",  "cp",  "cpp", "CPP", "cxx", "c++", "C++", "i",
		"ii",  "m",   "M",   "mm",  "mi",  "mii", "s",	 "S",	"sx",  "asm", "f",
		"for", "ftn", "F",   "FOR", "fpp", "FPP", "f90", "f95", "f03", "f08", "F90",
		"F95", "F03", "F08", "go",  "d",   "ads", "adb", "cu",
	};
	struct ebt_bytes name = ebt_bytes_basename(file), ending;
	const char *dot = name.len ? memrchr(name.data, '.', name.len) : NULL;

	if (!dot)
		return false;
	ending.data = dot + 1;
	ending.len = name.len - (size_t)(dot + 1 - name.data);
	for (size_t i = 0; i < EBT_ARRAY_SIZE(endings); i++)
		if (args_is(ending, endings[i]))
			return true;
	return false;
}

enum ebt_compile_arg ebt_compile_arg(struct ebt_bytes arg, bool *takes_next)
{
	*takes_next = false;
	if (args_begins(arg, "@"))
		return EBT_CARG_RESPONSE;
	if (!args_begins(arg, "-"))
		return is_source(arg) ? EBT_CARG_SOURCE : EBT_CARG_KEEP;
	for (size_t i = 0; i < EBT_ARRAY_SIZE(options); i++) {
		const struct option *o = &options[i];
		bool same = args_is(arg, o->text);

		if (!same && (o->form == EXACT || o->form == NEXT || !args_begins(arg, o->text)))
			continue;
		*takes_next = same && (o->form == NEXT || o->form == EITHER);
		return o->kind;
	}
	return EBT_CARG_KEEP;
}
