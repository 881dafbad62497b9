/* SPDX-License-Identifier: MIT */
/*
 * re.h - regular expressions on hostile text
 *
 * PCRE2 with JIT where the machine has it. Patterns match on characters
 * (UTF-8); a subject that is not valid UTF-8 is matched as a copy in which
 * each bad byte is U+FFFD, since PCRE2 itself would refuse it and the value
 * would evade. Matching is bounded in steps (see re.c for what that means in
 * time).
 *
 * Layer: base. The one file with PCRE2. Threads: a compiled pattern is shared
 * freely; a scratch belongs to one thread.
 */
#ifndef TRAWL_RE_H
#define TRAWL_RE_H

#include "base/err.h"
#include "base/str.h"

struct re;
struct re_scratch;

enum re_flags {
	RE_FOLD = 1 << 0,      /* Sigma's `i` */
	RE_MULTILINE = 1 << 1, /* `m`: ^ and $ at line ends */
	RE_DOTALL = 1 << 2,    /* `s`: . takes line ends */
};

/* ERR_SYNTAX with PCRE2's words and the offset. The caller frees *out. */
ATTR_NODISCARD enum err_code re_compile(struct re **out, struct str pattern,
					unsigned flags, struct err *err);
void re_free(struct re *re);

struct re_scratch *re_scratch_new(void);
void re_scratch_free(struct re_scratch *s);

enum re_result {
	RE_NO,
	RE_YES,
	RE_GAVE_UP, /* the match limit was reached: neither yes nor no */
};

/* Does the pattern match anywhere in the subject? */
enum re_result re_match(const struct re *re, struct str subject,
			struct re_scratch *scratch);

/* "10.42 2022-12-11, JIT". */
const char *re_version(char *buf, size_t size);

#endif /* TRAWL_RE_H */
