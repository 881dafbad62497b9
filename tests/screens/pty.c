/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* openpty, execvpe, wait4 */
#include "pty.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Where the handler of SIGCHLD reports to. */
static int child_report = -1;

uint64_t pty_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000 + (uint64_t)ts.tv_nsec / 1000000;
}

void pty_nap(uint64_t ms)
{
	struct timespec ts = { (time_t)(ms / 1000),
			       (long)(ms % 1000) * 1000000L };

	nanosleep(&ts, NULL);
}

static void on_child(int sig)
{
	int saved = errno;
	ssize_t ignored = write(child_report, "", 1);

	(void)sig;
	(void)ignored;
	errno = saved;
}

void pty_init(struct pty *p)
{
	struct sigaction action = { .sa_handler = on_child };
	int fds[2];

	*p = (struct pty){
		.master = -1, .slave = -1, .shell_in = -1, .shell_out = -1
	};
	strbuf_init(&p->raw);
	if (pipe2(fds, O_CLOEXEC | O_NONBLOCK) < 0)
		abort();
	p->child_pipe = fds[0];
	child_report = fds[1];
	sigaction(SIGCHLD, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void end(struct pty *p)
{
	if (p->running) {
		kill(p->pid, SIGKILL);
		if (p->shell)
			kill(p->shell, SIGKILL);
		while (waitpid(-1, NULL, 0) > 0 || errno == EINTR)
			continue;
	}
	p->running = false;
	close_fd(&p->master);
	close_fd(&p->slave);
	close_fd(&p->shell_in);
	close_fd(&p->shell_out);
}

void pty_release(struct pty *p)
{
	end(p);
	strbuf_release(&p->raw);
	close_fd(&p->child_pipe);
	close_fd(&child_report);
}

/* In the child ----------------------------------------------------------- */

static void become_program(const struct pty_start *start)
{
	static const int signals[] = { SIGHUP,  SIGINT,  SIGQUIT, SIGTERM,
				       SIGPIPE, SIGCHLD, SIGTSTP, SIGTTIN,
				       SIGTTOU, SIGWINCH };
	sigset_t none;

	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		signal(signals[i], SIG_DFL);
	if (start->ignore_hup)
		signal(SIGHUP, SIG_IGN);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (start->stdin_path) {
		int fd = open(start->stdin_path, O_RDONLY);

		if (fd < 0)
			_exit(126);
		dup2(fd, STDIN_FILENO);
		close(fd);
	}
	execvpe(start->argv[0], start->argv, start->envp);
	_exit(127);
}

/*
 * What a shell does for a job in the foreground: it gives it the terminal,
 * takes the terminal back when it stops, and gives it again on a byte from
 * `in`. Reports to `out`: the job's process id; then 'S' for each stop; its
 * wait status at the end.
 */
static void become_shell(const struct pty_start *start, int in, int out)
{
	pid_t job;
	int status;
	char byte;
	ssize_t ignored;

	signal(SIGTTOU, SIG_IGN);
	signal(SIGCHLD, SIG_DFL);
	if (start->ignore_hup)
		signal(SIGHUP, SIG_IGN);
	job = fork();
	if (job == 0) {
		close(in);
		close(out);
		setpgid(0, 0);
		tcsetpgrp(STDIN_FILENO, getpid());
		become_program(start);
	}
	setpgid(job, job);
	tcsetpgrp(STDIN_FILENO, job);
	ignored = write(out, &job, sizeof(job));
	while (waitpid(job, &status, WUNTRACED) == job && WIFSTOPPED(status)) {
		tcsetpgrp(STDIN_FILENO, getpid());
		ignored = write(STDOUT_FILENO, "\r\nstopped\r\n", 11);
		ignored = write(out, "S", 1);
		if (read(in, &byte, 1) != 1)
			_exit(1);
		tcsetpgrp(STDIN_FILENO, job);
		kill(-job, SIGCONT);
	}
	ignored = write(out, &status, sizeof(status));
	(void)ignored;
	_exit(0);
}

static void in_child(const struct pty_start *start, int slave, const int *to,
		     const int *from)
{
	setsid();
	if (!start->detached)
		ioctl(slave, TIOCSCTTY, 0);
	for (int i = 0; i < 3; i++)
		dup2(slave, i);
	if (slave > 2)
		close(slave);
	if (!start->job)
		become_program(start);
	become_shell(start, to[0], from[1]);
}

/* In the driver ---------------------------------------------------------- */

static bool make_pipes(const struct pty_start *start, int to[2], int from[2])
{
	to[0] = to[1] = from[0] = from[1] = -1;
	return !start->job ||
	       (pipe2(to, O_CLOEXEC) == 0 && pipe2(from, O_CLOEXEC) == 0);
}

static bool learn_job(struct pty *p)
{
	if (read(p->shell_out, &p->pid, sizeof(p->pid)) !=
	    (ssize_t)sizeof(p->pid))
		return false;
	fcntl(p->shell_out, F_SETFL, O_NONBLOCK);
	return true;
}

bool pty_start(struct pty *p, const struct pty_start *start)
{
	struct winsize size = { (unsigned short)start->rows,
				(unsigned short)start->cols, 0, 0 };
	int to[2], from[2];
	pid_t pid;

	end(p);
	strbuf_clear(&p->raw);
	p->stopped = p->frozen = false;
	p->shell = 0;
	if (openpty(&p->master, &p->slave, NULL, NULL, &size) < 0)
		return false;
	fcntl(p->master, F_SETFD, FD_CLOEXEC);
	fcntl(p->master, F_SETFL, O_NONBLOCK);
	tcgetattr(p->slave, &p->before);
	if (start->no_echo) {
		p->before.c_lflag &= (tcflag_t) ~(ECHO | ECHOE | ECHOCTL);
		tcsetattr(p->slave, TCSANOW, &p->before);
		tcgetattr(p->slave, &p->before);
	}
	if (!make_pipes(start, to, from))
		return false;
	pid = fork();
	if (pid < 0)
		return false;
	if (pid == 0) {
		/* A shell that kept it would keep the terminal alive. */
		close(p->master);
		in_child(start, p->slave, to, from);
	}
	fcntl(p->slave, F_SETFD, FD_CLOEXEC);
	p->running = true;
	p->pid = pid;
	if (!start->job)
		return true;
	p->shell = pid;
	p->shell_in = to[1];
	p->shell_out = from[0];
	close(to[0]);
	close(from[1]);
	return learn_job(p);
}

static bool take_output(struct pty *p)
{
	bool any = false;

	while (p->master >= 0 && !p->frozen) {
		char buffer[8192];
		ssize_t n = read(p->master, buffer, sizeof(buffer));

		if (n <= 0)
			break;
		strbuf_add(&p->raw, (struct str){ buffer, (size_t)n });
		any = true;
	}
	return any;
}

/* No wait status begins with an 'S': its first byte is 0 or a signal. */
static bool take_job_report(struct pty *p)
{
	char buffer[sizeof(int)];

	if (read(p->shell_out, buffer, 1) != 1)
		return false;
	if (buffer[0] == 'S') {
		p->stopped = true;
		return true;
	}
	if (read(p->shell_out, buffer + 1, sizeof(buffer) - 1) !=
	    (ssize_t)sizeof(buffer) - 1)
		return false;
	memcpy(&p->status, buffer, sizeof(p->status));
	p->running = false;
	return true;
}

static bool take_state(struct pty *p)
{
	char buffer[64];
	int status;

	while (read(p->child_pipe, buffer, sizeof(buffer)) > 0)
		continue;
	if (p->shell) {
		bool news = take_job_report(p);

		/* Counts what the shell has waited for. */
		if (!p->running)
			wait4(p->shell, NULL, 0, &p->usage);
		return news;
	}
	if (!p->running || wait4(p->pid, &status, WNOHANG, &p->usage) != p->pid)
		return false;
	p->status = status;
	p->running = false;
	return true;
}

bool pty_pump(struct pty *p, int ms)
{
	struct pollfd fds[] = { { p->frozen ? -1 : p->master, POLLIN, 0 },
				{ p->child_pipe, POLLIN, 0 },
				{ p->shell ? p->shell_out : -1, POLLIN, 0 } };
	bool any;

	poll(fds, 3, ms);
	any = take_output(p);
	any |= p->running && take_state(p);
	/* What it wrote last. */
	return take_output(p) || any;
}

bool pty_drain(struct pty *p, uint64_t deadline)
{
	const struct str mark = STR("\x1b]2;drained\x1b\\");
	size_t from = p->raw.n, at;

	if (p->master < 0 || p->frozen ||
	    write(p->slave, mark.p, mark.n) != (ssize_t)mark.n)
		return true;
	while ((at = str_find(strbuf_str(&p->raw), mark, from)) == SIZE_MAX) {
		if (pty_now() >= deadline)
			return false;
		pty_pump(p, 100);
	}
	memmove(p->raw.p + at, p->raw.p + at + mark.n, p->raw.n - at - mark.n);
	strbuf_truncate(&p->raw, p->raw.n - mark.n);
	return true;
}

bool pty_send(struct pty *p, struct str bytes, uint64_t deadline)
{
	while (bytes.n && p->master >= 0 && p->running) {
		struct pollfd fds[] = { { p->master, POLLIN | POLLOUT, 0 },
					{ p->child_pipe, POLLIN, 0 } };
		ssize_t n;

		if (pty_now() >= deadline)
			return false;
		poll(fds, 2, 100);
		n = write(p->master, bytes.p, bytes.n);
		if (n > 0)
			bytes = str_from(bytes, (size_t)n);
		pty_pump(p, 0);
	}
	return true;
}

void pty_resize(struct pty *p, int rows, int cols)
{
	struct winsize size = { (unsigned short)rows, (unsigned short)cols, 0,
				0 };

	ioctl(p->master, TIOCSWINSZ, &size);
}

void pty_hang_up(struct pty *p)
{
	close_fd(&p->master);
}

void pty_continue(struct pty *p)
{
	ssize_t ignored = write(p->shell_in, "C", 1);

	(void)ignored;
	p->stopped = false;
}

bool pty_is_raw(const struct pty *p)
{
	struct termios mode;

	return tcgetattr(p->slave, &mode) == 0 && !(mode.c_lflag & ICANON);
}

bool pty_modes_restored(const struct pty *p)
{
	struct termios now;

	return tcgetattr(p->slave, &now) == 0 &&
	       now.c_iflag == p->before.c_iflag &&
	       now.c_oflag == p->before.c_oflag &&
	       now.c_cflag == p->before.c_cflag &&
	       now.c_lflag == p->before.c_lflag &&
	       memcmp(now.c_cc, p->before.c_cc, sizeof(now.c_cc)) == 0;
}
