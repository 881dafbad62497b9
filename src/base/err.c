/* SPDX-License-Identifier: MIT */
#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *err_text(enum err_code code)
{
	switch (code) {
#define X(c, text) \
	case c:    \
		return text;
		ERR_CODES(X)
#undef X
	}
	return "unknown error";
}

enum err_code err_set(struct err *err, enum err_code code, const char *fmt, ...)
{
	va_list ap;

	err->code = code;
	va_start(ap, fmt);
	vsnprintf(err->msg, sizeof(err->msg), fmt, ap);
	va_end(ap);
	return code;
}

enum err_code err_errno(struct err *err, const char *fmt, ...)
{
	int saved = errno;
	char reason[128];
	size_t n;
	va_list ap;

	err->code = ERR_IO;
	va_start(ap, fmt);
	vsnprintf(err->msg, sizeof(err->msg), fmt, ap);
	va_end(ap);
	if (strerror_r(saved, reason, sizeof(reason)) != 0)
		snprintf(reason, sizeof(reason), "error %d", saved);
	n = strlen(err->msg);
	snprintf(err->msg + n, sizeof(err->msg) - n, ": %s", reason);
	return ERR_IO;
}

enum err_code err_wrap(struct err *err, const char *fmt, ...)
{
	char inner[ERR_MSG_MAX];
	size_t n;
	va_list ap;

	memcpy(inner, err->msg, sizeof(inner));
	va_start(ap, fmt);
	vsnprintf(err->msg, sizeof(err->msg), fmt, ap);
	va_end(ap);
	n = strlen(err->msg);
	snprintf(err->msg + n, sizeof(err->msg) - n, ": %s", inner);
	return err->code;
}
