/* SPDX-License-Identifier: MIT */
#include "model/form.h"

#include <stddef.h>

static const struct {
	const char *name;
	const char *lacks;
} forms[] = {
#define X(number, text, missing) { text, missing },
	FORMS(X)
#undef X
};

const char *form_name(enum form f)
{
	return forms[f].name;
}

const char *form_lacks(enum form f)
{
	return forms[f].lacks;
}
