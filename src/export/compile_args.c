/* SPDX-License-Identifier: BSD-3-Clause */
/* compile_args.c - recognise compilers and their options, after gcc(1), clang(1) and nvcc(1). */
#include "export/compile_args.h"

#include <ctype.h>

#include "base/cleanup.h"
#include "base/text.h"

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

/* Return name without a version at its end, as in gcc-12, g++-4.9.2 or clang16. */
static struct ebt_bytes args_without_version(struct ebt_bytes name)
{
	size_t at = name.len;

	while (at > 0 && (isdigit((unsigned char)name.data[at - 1]) || name.data[at - 1] == '.'))
		at--;
	if (at == 0 || at == name.len || !isdigit((unsigned char)name.data[at]))
		return name;
	name.len = at > 1 && name.data[at - 1] == '-' ? at - 1 : at;
	return name;
}

bool ebt_compile_is_compiler(struct ebt_bytes path)
{
	/* These may follow a target, as in arm-linux-gnueabi-gcc, and precede a version. */
	static const char *const names[] = { "gcc",	 "g++",	    "mcc",   "m++",
					     "gfortran", "fortran", "clang", "clang++" };
	static const char *const plain[] = { "cc",   "c++", "cxx",  "CC",    "nvcc", "icc",
					     "icpc", "icx", "icpx", "ifort", "ifx" };
	struct ebt_bytes name = ebt_bytes_basename(path), stem;

	for (size_t i = 0; i < EBT_ARRAY_SIZE(plain); i++)
		if (args_is(name, plain[i]))
			return true;
	stem = args_without_version(name);
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

enum args_form {
	EXACT,	  /* -c */
	NEXT,	  /* -include FILE */
	EITHER,	  /* -I DIR and -IDIR */
	BEGINNING /* -Wl,… */
};

/* The first entry that fits an argument decides. */
static const struct args_option {
	const char *text;
	enum args_form form;
	enum ebt_compile_arg kind;
} args_options[] = {
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
	/* for dependency files */
	{ "-MD", EXACT, EBT_CARG_DROP },
	{ "-MMD", EXACT, EBT_CARG_DROP },
	{ "-MG", EXACT, EBT_CARG_DROP },
	{ "-MP", EXACT, EBT_CARG_DROP },
	{ "-MF", EITHER, EBT_CARG_DROP },
	{ "-MT", EITHER, EBT_CARG_DROP },
	{ "-MQ", EITHER, EBT_CARG_DROP },
	/* for the linker */
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
	/* options of the compilation whose value may be the next argument */
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
	{ "-x", EITHER, EBT_CARG_LANGUAGE },
	{ "-A", EITHER, EBT_CARG_KEEP },
	{ "-D", EITHER, EBT_CARG_KEEP },
	{ "-U", EITHER, EBT_CARG_KEEP },
	{ "-I", EITHER, EBT_CARG_KEEP },
	{ "-B", EITHER, EBT_CARG_KEEP },
};

/* nvcc(1) has these besides the options of gcc(1). */
static const struct args_option nvcc_options[] = {
	{ "-dc", EXACT, EBT_CARG_NO_LINK },
	{ "-dw", EXACT, EBT_CARG_NO_LINK },
	{ "-ptx", EXACT, EBT_CARG_NO_LINK },
	{ "-cubin", EXACT, EBT_CARG_NO_LINK },
	{ "-fatbin", EXACT, EBT_CARG_NO_LINK },
	{ "--compile", EXACT, EBT_CARG_NO_LINK },
	{ "-dlink", EXACT, EBT_CARG_NONE },
	{ "-ccbin", NEXT, EBT_CARG_KEEP },
	{ "--compiler-bindir", NEXT, EBT_CARG_KEEP },
	{ "-gencode", NEXT, EBT_CARG_KEEP },
	{ "--generate-code", NEXT, EBT_CARG_KEEP },
	{ "-arch", NEXT, EBT_CARG_KEEP },
	{ "-code", NEXT, EBT_CARG_KEEP },
	{ "-odir", NEXT, EBT_CARG_KEEP },
	{ "-maxrregcount", NEXT, EBT_CARG_KEEP },
	{ "-std", NEXT, EBT_CARG_KEEP },
	{ "-Xcompiler", NEXT, EBT_CARG_KEEP },
	{ "--compiler-options", NEXT, EBT_CARG_KEEP },
	{ "-Xcudafe", NEXT, EBT_CARG_KEEP },
	{ "-Xptxas", NEXT, EBT_CARG_KEEP },
	{ "-Xfatbin", NEXT, EBT_CARG_KEEP },
	{ "-Xnvlink", NEXT, EBT_CARG_DROP },
};

/* Return true when the name of a file says that it can be compiled; headers can be, too. */
static bool args_is_source(struct ebt_bytes file)
{
	static const char *const endings[] = {
		"c",   "C",   "cc",  "CC",  "cp",  "cpp", "CPP", "cxx", "c++", "C++",
		"i",   "ii",  "m",   "M",   "mm",  "mi",  "mii", "s",	"S",   "sx",
		"asm", "f",   "for", "ftn", "F",   "FOR", "fpp", "FPP", "f90", "f95",
		"f03", "f08", "F90", "F95", "F03", "F08", "go",	 "d",	"ads", "adb",
		"cu",  "h",   "hh",  "H",   "hp",  "hxx", "hpp", "HPP", "h++", "tcc",
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

/* Find what an option means; *takes_next says whether the argument after it is its value. */
static bool args_find(const struct args_option *options, size_t count, struct ebt_bytes arg,
		      enum ebt_compile_arg *kind, bool *takes_next)
{
	for (size_t i = 0; i < count; i++) {
		const struct args_option *o = &options[i];
		bool same = args_is(arg, o->text);

		if (!same && (o->form == EXACT || o->form == NEXT || !args_begins(arg, o->text)))
			continue;
		*takes_next = same && (o->form == NEXT || o->form == EITHER);
		*kind = o->kind;
		return true;
	}
	return false;
}

static enum ebt_compile_arg args_kind(const struct ebt_compile_scan *scan, struct ebt_bytes arg,
				      bool *takes_next)
{
	enum ebt_compile_arg kind = EBT_CARG_KEEP;

	*takes_next = false;
	if (args_begins(arg, "@"))
		return EBT_CARG_RESPONSE;
	if (args_is(arg, "-")) /* standard input, which nobody can compile again */
		return EBT_CARG_KEEP;
	if (!args_begins(arg, "-"))
		return scan->language || args_is_source(arg) ? EBT_CARG_SOURCE : EBT_CARG_KEEP;
	if (scan->nvcc &&
	    args_find(nvcc_options, EBT_ARRAY_SIZE(nvcc_options), arg, &kind, takes_next))
		return kind;
	args_find(args_options, EBT_ARRAY_SIZE(args_options), arg, &kind, takes_next);
	return kind;
}

void ebt_compile_scan_begin(struct ebt_compile_scan *scan, struct ebt_bytes compiler,
			    struct ebt_bytes args)
{
	*scan = (struct ebt_compile_scan){
		.rest = args,
		.nvcc = args_is(ebt_bytes_basename(compiler), "nvcc"),
	};
}

bool ebt_compile_scan_next(struct ebt_compile_scan *scan, struct ebt_compile_part *part)
{
	struct ebt_bytes arg;
	size_t skip;

	if (!ebt_text_next_arg(&scan->rest, &arg))
		return false;
	*part = (struct ebt_compile_part){ .arg = arg };
	part->kind = args_kind(scan, arg, &part->has_next);
	/* An option that is joined with its value, as -oFILE, has one letter. */
	skip = arg.len < 2 ? arg.len : 2;
	part->value = (struct ebt_bytes){ arg.data + skip, arg.len - skip };
	if (part->has_next && !ebt_text_next_arg(&scan->rest, &part->value)) {
		part->has_next = false;
		part->value = (struct ebt_bytes){ 0 };
	}
	if (part->kind == EBT_CARG_LANGUAGE) {
		/* Until "-x none" the language decides, not the names of the files. */
		scan->language = !args_is(part->value, "none");
		part->kind = EBT_CARG_KEEP;
	}
	return true;
}
