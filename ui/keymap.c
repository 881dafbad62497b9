/* SPDX-License-Identifier: MIT */
#include "ui/keymap.h"

#include <stdlib.h>

#include "base/mem.h"

static void push(struct keymap *k, struct binding b)
{
	k->item = mem_grow(k->item, &k->cap, k->n + 1, sizeof(*k->item));
	k->item[k->n++] = b;
}

void keymap_init(struct keymap *k)
{
	*k = (struct keymap){ .n = 0 };
	arena_init(&k->arena);
	for (int i = 0; i < SCREEN_COMMAND_COUNT; i++) {
		const struct screen_command_info *c = &screen_commands[i];
		struct str rest = str_of(c->keys), name;
		key_code key;

		while (str_next(&rest, ' ', &name))
			if (key_parse(name, &key))
				push(k,
				     (struct binding){ key, c->context,
						       (enum screen_command)i,
						       STR_NULL });
	}
}

void keymap_release(struct keymap *k)
{
	free(k->item);
	arena_release(&k->arena);
	*k = (struct keymap){ .n = 0 };
}

/* Binding ------------------------------------------------------------------ */

/* Why a key is not for binding, or NULL. */
static const char *taken_by(key_code key)
{
	switch (key) {
	case KEYC_CTRL('a'):
	case KEYC_CTRL('b'):
		return "screen and tmux take it";
	case KEYC_CTRL('q'):
	case KEYC_CTRL('s'):
		return "terminals stop and go on with it";
	case KEYC_CTRL('\\'):
	case KEYC_CTRL('o'):
	case KEYC_CTRL('v'):
		return "the terminal takes it";
	case KEYC_F1 + 9:
	case KEYC_F1 + 10:
		return "the terminal's menu takes it";
	default:
		return NULL;
	}
}

static enum err_code read_key(struct str name, key_code *key, struct err *err)
{
	const char *why;

	if (!key_parse(name, key))
		return err_set(err, ERR_SYNTAX,
			       "\"%.*s\" is no key; one such as x, ^X, F2, "
			       "Space or PgUp was expected",
			       STR_ARG(str_sub(name, 0, 40)));
	why = taken_by(*key);
	if (why)
		return err_set(err, ERR_SYNTAX, "%.*s cannot be bound: %s",
			       STR_ARG(name), why);
	return ERR_OK;
}

static enum err_code read_command(struct str name, enum screen_command *cmd,
				  struct err *err)
{
	const char *near = screen_command_nearest(name);

	*cmd = screen_command_find(name);
	if (!name.n)
		return err_set(err, ERR_SYNTAX, "a command was expected");
	if (*cmd != SCREEN_COMMAND_COUNT)
		return ERR_OK;
	return err_set(err, ERR_SYNTAX, "no command %.*s%s%s%s",
		       STR_ARG(str_sub(name, 0, 40)),
		       near ? "; did you mean " : "", near ? near : "",
		       near ? "?" : "");
}

enum err_code keymap_bind(struct keymap *k, struct str line, struct err *err)
{
	size_t space = str_find_char(line, ' ', 0);
	struct str key_name = str_sub(line, 0, space), name, argument;
	struct binding b;
	enum err_code rc;

	line = space == SIZE_MAX ? STR_NULL : str_trim(str_from(line, space));
	space = str_find_char(line, ' ', 0);
	name = str_sub(line, 0, space);
	argument = space == SIZE_MAX ? STR_NULL :
				       str_trim(str_from(line, space));
	rc = read_key(key_name, &b.key, err);
	if (rc == ERR_OK)
		rc = read_command(name, &b.cmd, err);
	if (rc)
		return rc;
	b.context = screen_commands[b.cmd].context;
	if (argument.n && !*screen_commands[b.cmd].argument)
		return err_set(err, ERR_SYNTAX, "%s takes no argument",
			       screen_commands[b.cmd].name);
	for (size_t i = 0; i < k->n; i++) {
		const struct binding *have = &k->item[i];

		if (have->key != b.key || !(have->context & b.context))
			continue;
		if (have->cmd == b.cmd && str_eq(have->argument, argument))
			return ERR_OK;
		return err_set(err, ERR_SYNTAX,
			       "%.*s is bound to %s and cannot be bound to %s "
			       "as well; unbind it first",
			       STR_ARG(key_name),
			       screen_commands[have->cmd].name,
			       screen_commands[b.cmd].name);
	}
	b.argument = argument.n ? arena_dup(&k->arena, argument) : STR_NULL;
	push(k, b);
	return ERR_OK;
}

enum err_code keymap_unbind(struct keymap *k, struct str name, struct err *err)
{
	bool found = false;
	key_code key;
	enum err_code rc = read_key(name, &key, err);

	if (rc)
		return rc;
	for (size_t i = 0; i < k->n; i++)
		if (k->item[i].key == key) {
			found = found || k->item[i].context;
			k->item[i].context = 0;
		}
	return found ? ERR_OK :
		       err_set(err, ERR_SYNTAX, "%.*s is not bound",
			       STR_ARG(name));
}

enum err_code keymap_check(const struct keymap *k, struct err *err)
{
	uint32_t left = 0;

	for (size_t i = 0; i < k->n; i++) {
		enum screen_command cmd = k->item[i].cmd;

		/* The command line has :q. */
		if (cmd == DO_QUIT || cmd == DO_CLOSE || cmd == DO_COMMAND)
			left |= k->item[i].context;
	}
	if ((left & IN_ALL) == IN_ALL)
		return ERR_OK;
	return err_set(err, ERR_SYNTAX,
		       "no key is left to quit with: %s, %s or %s needs one",
		       screen_commands[DO_QUIT].name,
		       screen_commands[DO_CLOSE].name,
		       screen_commands[DO_COMMAND].name);
}

/* Asking ------------------------------------------------------------------- */

static unsigned bits(uint32_t v)
{
	unsigned n = 0;

	for (; v; v &= v - 1)
		n++;
	return n;
}

const struct binding *keymap_find(const struct keymap *k, key_code key,
				  uint32_t context)
{
	const struct binding *best = NULL;

	for (size_t i = 0; i < k->n; i++) {
		const struct binding *b = &k->item[i];

		if (b->key != key || !(b->context & context))
			continue;
		if (!best || bits(b->context) < bits(best->context))
			best = b;
	}
	return best;
}

const char *keymap_first_key(const struct keymap *k, enum screen_command cmd,
			     char out[KEY_NAME_MAX])
{
	out[0] = '\0';
	for (size_t i = 0; i < k->n && !out[0]; i++)
		if (k->item[i].cmd == cmd && k->item[i].context &&
		    !k->item[i].argument.n)
			key_print(k->item[i].key, out);
	return out;
}

void keymap_keys(const struct keymap *k, enum screen_command cmd,
		 uint32_t context, struct strbuf *out)
{
	char name[KEY_NAME_MAX];
	bool first = true;

	for (size_t i = 0; i < k->n; i++) {
		const struct binding *b = &k->item[i];

		if (b->cmd != cmd || !(b->context & context) || b->argument.n)
			continue;
		strbuf_adds(out, first ? "" : " ");
		strbuf_adds(out, key_print(b->key, name));
		first = false;
	}
}
