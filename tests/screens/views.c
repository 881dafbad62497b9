/* SPDX-License-Identifier: MIT */
/*
 * views FILE COMMAND: every view of a table, each at three sizes, in Unicode
 * and in ASCII. A line of the table is a name, a blank and the keys that lead
 * there; all screens of a view are in views/NAME.screens. A view is opened at
 * 80x24 and then resized, so that what it shows stays what it was.
 */
#include "session_private.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "golden.h"

static const char *const sizes[] = { "80x24", "120x40", "200x60" };

static bool act(struct session *s, const char *line)
{
	s->deadline = pty_now() + 60000;
	return session_step(s, str_of(line));
}

static void add_screen(struct session *s, const char *size, const char *charset,
		       struct strbuf *out)
{
	bool visible = !s->term || !raw_is_on(s->term, strbuf_str(&s->pty.raw),
					      "civis", "cnorm");

	strbuf_addf(out, "%s %s\n", size, charset);
	screen_dump(s->screen, visible, out);
}

/* One run, at all sizes. */
static bool show(struct session *s, struct str command, struct str keys,
		 bool ascii, struct strbuf *out)
{
	char line[2048];

	snprintf(line, sizeof(line), "run %.*s%s", STR_ARG(command),
		 ascii ? " --ascii" : "");
	if (!act(s, "size 80x24") || !act(s, line))
		return false;
	snprintf(line, sizeof(line), "keys %.*s", STR_ARG(keys));
	if (keys.n && !act(s, line))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		snprintf(line, sizeof(line), "resize %s", sizes[i]);
		if (!act(s, line))
			return false;
		add_screen(s, sizes[i], ascii ? "ASCII" : "Unicode", out);
	}
	/* Also out of a prompt. */
	return act(s, "keys ^GQ") && act(s, "exit 0") && act(s, "restored") &&
	       act(s, ascii ? "raw-clean ascii" : "raw-clean");
}

static bool check_view(struct session *s, struct str name, struct str keys,
		       struct str command)
{
	struct strbuf all, path, actual;
	bool good;

	strbuf_init(&all);
	strbuf_init(&path);
	strbuf_init(&actual);
	strbuf_addf(&path, "%s/views/%.*s.screens", s->dir, STR_ARG(name));
	strbuf_addf(&actual, "%s.%.*s.actual", s->work, STR_ARG(name));
	good = show(s, command, keys, false, &all) &&
	       show(s, command, keys, true, &all);
	if (good &&
	    !golden_check(path.p, actual.p, strbuf_str(&all), s->update))
		good = session_fail(s, "the screens differ from %s", path.p);
	strbuf_release(&all);
	strbuf_release(&path);
	strbuf_release(&actual);
	return good;
}

bool step_views(struct session *s, struct str args)
{
	struct strbuf path, text;
	struct str file, rest, line, name;
	size_t bad = 0;

	args = str_trim(args);
	if (!str_next(&args, ' ', &file))
		return session_fail(s, "views takes FILE COMMAND");
	strbuf_init(&path);
	strbuf_init(&text);
	strbuf_addf(&path, "%s/%.*s", s->dir, STR_ARG(file));
	if (!golden_read(path.p, &text))
		session_fail(s, "%s: %s", path.p, strerror(errno));
	rest = strbuf_str(&text);
	while (!s->why.n && str_next(&rest, '\n', &line)) {
		if (!line.n || line.p[0] == '#')
			continue;
		str_next(&line, ' ', &name);
		if (check_view(s, name, line, args))
			continue;
		/* All that differ are told; what broke down ends it. */
		fprintf(stderr, "view %.*s: %s\n", STR_ARG(name), s->why.p);
		bad++;
		if (s->pty.running)
			break;
		strbuf_clear(&s->why);
	}
	if (bad && !s->why.n)
		session_fail(s, "%zu views", bad);
	strbuf_release(&path);
	strbuf_release(&text);
	return bad == 0 && !s->why.n;
}
