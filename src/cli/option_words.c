/* SPDX-License-Identifier: MIT */
#include "cli/option_words.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

size_t option_words_most(int argc, char **argv)
{
	size_t n = 2;

	for (int i = 1; i < argc; i++)
		n += strlen(argv[i]) + 1;
	return n;
}

void option_words_release(struct option_words *w)
{
	free(w->option);
	free(w->operand);
}

static enum err_code unknown_option(const char *word, struct str name,
				    struct err *err)
{
	const char *near = option_nearest(name);

	if (near && name.n > 1)
		return err_set(err, ERR_USAGE,
			       "unknown option %s; did you mean --%s?", word,
			       near);
	return err_set(err, ERR_USAGE, "unknown option %s", word);
}

static enum err_code add_long(struct option_words *w, char **argv, int argc,
			      int *i, struct err *err)
{
	struct str name = str_of(argv[*i] + 2);
	size_t equals = str_find_char(name, '=', 0);
	const char *value = NULL;
	enum option_code code;

	if (equals != SIZE_MAX) {
		value = name.p + equals + 1;
		name.n = equals;
	}
	code = option_find(name);
	if (code == OPTION_COUNT)
		return unknown_option(argv[*i], name, err);
	if (!option_infos[code].argument && value)
		return err_set(err, ERR_USAGE, "--%s takes no value",
			       option_infos[code].name);
	if (option_infos[code].argument && !value) {
		if (*i + 1 >= argc)
			return err_set(err, ERR_USAGE, "--%s needs %s",
				       option_infos[code].name,
				       option_infos[code].argument);
		value = argv[++*i];
	}
	w->option[w->option_n].code = code;
	w->option[w->option_n++].value = value;
	return ERR_OK;
}

/* "-f EXPR", "-fEXPR", "-qv". */
static enum err_code add_short(struct option_words *w, char **argv, int argc,
			       int *i, struct err *err)
{
	const char *word = argv[*i];

	for (const char *p = word + 1; *p; p++) {
		enum option_code code = option_find_letter(*p);
		const char *value = NULL;

		if (code == OPTION_COUNT)
			return unknown_option(word, (struct str){ p, 1 }, err);
		if (option_infos[code].argument) {
			value = p[1] ? p + 1 : NULL;
			if (!value && *i + 1 >= argc)
				return err_set(err, ERR_USAGE, "-%c needs %s",
					       *p, option_infos[code].argument);
			if (!value)
				value = argv[++*i];
		}
		w->option[w->option_n].code = code;
		w->option[w->option_n++].value = value;
		if (value)
			break;
	}
	return ERR_OK;
}

enum err_code option_words_sort(struct option_words *w, int argc, char **argv,
				struct err *err)
{
	size_t most = option_words_most(argc, argv);
	bool options = true;
	enum err_code rc = ERR_OK;

	*w = (struct option_words){ .option_n = 0 };
	w->option = mem_zero(most, sizeof(*w->option));
	w->operand = mem_zero(most, sizeof(*w->operand));
	for (int i = 1; i < argc && rc == ERR_OK; i++) {
		const char *word = argv[i];

		if (!options || word[0] != '-' || !word[1])
			w->operand[w->operand_n++] = word;
		else if (strcmp(word, "--") == 0)
			options = false;
		else if (word[1] == '-')
			rc = add_long(w, argv, argc, &i, err);
		else
			rc = add_short(w, argv, argc, &i, err);
	}
	return rc;
}

/* Lines ------------------------------------------------------------------- */

/* Takes one word off a line that is not empty; quotes and what is behind a
 * backslash are as in a shell. False when a quote does not end. */
static bool take_word(const char **p, const char *end, struct strbuf *out)
{
	char quote = 0;

	for (; *p < end && (quote || **p != ' '); (*p)++) {
		if (quote ? **p == quote : **p == '\'' || **p == '"')
			quote = quote ? 0 : **p;
		else if (**p == '\\' && quote != '\'' && *p + 1 < end)
			strbuf_addc(out, *++*p);
		else
			strbuf_addc(out, **p);
	}
	return !quote;
}

enum err_code option_line_read(struct option_line *l, struct str line,
			       struct err *err)
{
	const char *p = line.p, *end = line.p + line.n;
	size_t cap = 0, n = 0;

	*l = (struct option_line){ .argc = 1 };
	strbuf_init(&l->text);
	strbuf_addc(&l->text, '\0');
	while (p < end) {
		if (*p == ' ') {
			p++;
			continue;
		}
		if (!take_word(&p, end, &l->text))
			return err_set(err, ERR_USAGE, "a quote does not end");
		strbuf_addc(&l->text, '\0');
		l->argc++;
	}
	/* The text does not move any more. */
	l->argv = mem_grow(NULL, &cap, (size_t)l->argc, sizeof(*l->argv));
	for (char *word = l->text.p; n < (size_t)l->argc;
	     word += strlen(word) + 1)
		l->argv[n++] = word;
	return ERR_OK;
}

void option_line_release(struct option_line *l)
{
	strbuf_release(&l->text);
	free(l->argv);
}
