/* SPDX-License-Identifier: MIT */
#include "ui/editor.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"

extern char **environ;

/* Its settings may hold blanks and options: the shell takes them apart. */
static enum err_code spawn(const char *path, struct err *err)
{
	char shell[] = "sh", c[] = "-c",
	     line[] = "exec ${VISUAL:-${EDITOR:-vi}} \"$1\"", name[] = "trawl";
	char *argv[] = { shell, c, line, name, (char *)(uintptr_t)path, NULL };
	posix_spawnattr_t attr;
	sigset_t none, usual;
	pid_t child;
	int status = 0, failed;

	sigemptyset(&none);
	/* Signals that the screen ignores, see tty.h. */
	sigemptyset(&usual);
	sigaddset(&usual, SIGPIPE);
	sigaddset(&usual, SIGUSR1);
	sigaddset(&usual, SIGUSR2);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setsigdefault(&attr, &usual);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK |
						POSIX_SPAWN_SETSIGDEF);
	failed = posix_spawn(&child, "/bin/sh", NULL, &attr, argv, environ);
	posix_spawnattr_destroy(&attr);
	if (failed)
		return err_set(err, ERR_IO, "no editor could be started");
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return err_errno(err, "waiting for the editor");
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ?
		       ERR_OK :
		       err_set(err, ERR_IO,
			       "the editor failed: nothing is changed; $EDITOR "
			       "says which it is");
}

enum err_code editor_run(struct strbuf *text, size_t most, struct err *err)
{
	const char *folder = getenv("TMPDIR");
	struct strbuf path, read;
	enum err_code rc = ERR_OK;
	int fd;

	strbuf_init(&path);
	strbuf_init(&read);
	strbuf_addf(&path, "%s/trawl-notes-XXXXXX",
		    folder && folder[0] == '/' ? folder : "/tmp");
	fd = mkstemp(path.p); /* its owner's alone */
	if (fd < 0) {
		rc = err_errno(err, "%s", path.p);
	} else {
		if (!file_write_all(fd, text->p, text->n))
			rc = err_errno(err, "%s", path.p);
		if (close(fd) != 0 && rc == ERR_OK)
			rc = err_errno(err, "%s", path.p);
		if (rc == ERR_OK)
			rc = spawn(path.p, err);
		if (rc == ERR_OK)
			rc = file_read(&read, path.p, most, err);
		unlink(path.p);
	}
	if (rc == ERR_OK) {
		strbuf_clear(text);
		strbuf_add(text, strbuf_str(&read));
	}
	strbuf_release(&path);
	strbuf_release(&read);
	return rc;
}
