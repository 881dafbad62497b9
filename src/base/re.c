/* SPDX-License-Identifier: MIT */
#include "base/re.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/strbuf.h"
#include "base/utf8.h"

/*
 * Enough for any sane pattern on 256 KiB, the most that an event has, small
 * enough to give up within a fraction of a second on a pathological one. The
 * limit counts steps back, from each place anew, and with JIT one step may run
 * over the whole subject: the bound is not one of time when it is long.
 */
enum {
	MATCH_LIMIT = 1000000,
	HEAP_LIMIT_KIB = 20000,
	JIT_STACK_FIRST = 32 * 1024,
	JIT_STACK_MOST = 16 * 1024 * 1024, /* reserved, not touched */
};

struct re {
	pcre2_code *code;
};

struct re_scratch {
	pcre2_match_data *data;
	pcre2_match_context *context;
	pcre2_jit_stack *stack;
	struct strbuf valid; /* a subject with its bad bytes replaced */
};

enum err_code re_compile(struct re **out, struct str pattern, unsigned flags,
			 struct err *err)
{
	uint32_t options = PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C;
	PCRE2_UCHAR text[128];
	PCRE2_SIZE at;
	pcre2_code *code;
	int number;

	if (flags & RE_FOLD)
		options |= PCRE2_CASELESS;
	if (flags & RE_MULTILINE)
		options |= PCRE2_MULTILINE;
	if (flags & RE_DOTALL)
		options |= PCRE2_DOTALL;
	code = pcre2_compile((PCRE2_SPTR)(pattern.p ? pattern.p : ""),
			     pattern.n, options, &number, &at, NULL);
	if (!code) {
		pcre2_get_error_message(number, text, sizeof(text));
		return err_set(err, ERR_SYNTAX,
			       "regular expression: %s at offset %zu",
			       (char *)text, (size_t)at);
	}
	/* Without JIT support the interpreter matches, only slower. */
	(void)pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
	*out = mem_alloc(sizeof(**out));
	(*out)->code = code;
	return ERR_OK;
}

void re_free(struct re *re)
{
	if (!re)
		return;
	pcre2_code_free(re->code);
	free(re);
}

struct re_scratch *re_scratch_new(void)
{
	struct re_scratch *s = mem_zero(1, sizeof(*s));

	s->data = pcre2_match_data_create(1, NULL);
	s->context = pcre2_match_context_create(NULL);
	pcre2_set_match_limit(s->context, MATCH_LIMIT);
	pcre2_set_heap_limit(s->context, HEAP_LIMIT_KIB);
	s->stack = pcre2_jit_stack_create(JIT_STACK_FIRST, JIT_STACK_MOST,
					  NULL);
	pcre2_jit_stack_assign(s->context, NULL, s->stack);
	strbuf_init(&s->valid);
	return s;
}

void re_scratch_free(struct re_scratch *s)
{
	if (!s)
		return;
	pcre2_match_data_free(s->data);
	pcre2_match_context_free(s->context);
	pcre2_jit_stack_free(s->stack);
	strbuf_release(&s->valid);
	free(s);
}

enum re_result re_match(const struct re *re, struct str subject,
			struct re_scratch *s)
{
	int rc;

	if (!utf8_valid(subject)) {
		strbuf_clear(&s->valid);
		strbuf_add_valid(&s->valid, subject);
		subject = strbuf_str(&s->valid);
	}
	rc = pcre2_match(re->code, (PCRE2_SPTR)(subject.p ? subject.p : ""),
			 subject.n, 0, PCRE2_NO_UTF_CHECK, s->data, s->context);
	if (rc == PCRE2_ERROR_NOMATCH)
		return RE_NO;
	return rc < 0 ? RE_GAVE_UP : RE_YES;
}

const char *re_version(char *buf, size_t size)
{
	char version[64] = "";
	uint32_t jit = 0;

	pcre2_config(PCRE2_CONFIG_VERSION, version);
	pcre2_config(PCRE2_CONFIG_JIT, &jit);
	snprintf(buf, size, "%s%s", version, jit ? ", JIT" : "");
	return buf;
}
