/* SPDX-License-Identifier: MIT */
#include "ui/clipboard.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"

enum {
	PIPE_BYTES = 65536, /* that a pipe takes without a reader */
	WAITS = 100,
	WAIT_NS = 10 * 1000 * 1000,
};

extern char **environ;

/* Its exit status, or -1; one that does not end is ended. */
static int wait_for(pid_t pid)
{
	const struct timespec pause = { 0, WAIT_NS };
	int status;

	for (int i = 0; i < WAITS; i++) {
		pid_t got = waitpid(pid, &status, WNOHANG);

		if (got == pid)
			return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
		if (got < 0)
			return -1;
		nanosleep(&pause, NULL);
	}
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	return -1;
}

/* With the signals of a program that somebody starts: what is blocked and
 * ignored here is the terminal's affair. */
static bool spawn_tmux(int in, pid_t *pid)
{
	char *const argv[] = { (char[]){ "tmux" }, (char[]){ "load-buffer" },
			       (char[]){ "-w" }, (char[]){ "-" }, NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	sigset_t usual, none;
	bool ok;

	sigemptyset(&none);
	sigemptyset(&usual);
	sigaddset(&usual, SIGPIPE);
	sigaddset(&usual, SIGUSR1);
	sigaddset(&usual, SIGUSR2);
	if (posix_spawnattr_init(&attr))
		return false;
	if (posix_spawn_file_actions_init(&actions)) {
		posix_spawnattr_destroy(&attr);
		return false;
	}
	ok = !posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO) &&
	     !posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO,
					       "/dev/null", O_WRONLY, 0) &&
	     !posix_spawn_file_actions_addopen(&actions, STDERR_FILENO,
					       "/dev/null", O_WRONLY, 0) &&
	     !posix_spawnattr_setsigdefault(&attr, &usual) &&
	     !posix_spawnattr_setsigmask(&attr, &none) &&
	     !posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK |
						      POSIX_SPAWN_SETSIGDEF) &&
	     !posix_spawnp(pid, "tmux", &actions, &attr, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attr);
	return ok;
}

/* Without a shell: the text is on its standard input, and nowhere else. */
static bool send_to_tmux(struct str text)
{
	int ends[2];
	pid_t pid;
	bool ok;

	if (text.n > PIPE_BYTES || pipe(ends))
		return false;
	fcntl(ends[0], F_SETFD, FD_CLOEXEC);
	fcntl(ends[1], F_SETFD, FD_CLOEXEC);
	ok = file_write_all(ends[1], text.p, text.n);
	close(ends[1]);
	ok = ok && spawn_tmux(ends[0], &pid);
	close(ends[0]);
	return ok && wait_for(pid) == 0;
}

bool clipboard_send(struct tty *tty, struct str text)
{
	const char *tmux = getenv("TMUX");

	if (tmux && *tmux && send_to_tmux(text))
		return true;
	return tty_clipboard(tty, text);
}
