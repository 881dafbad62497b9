/* SPDX-License-Identifier: MIT */
#include "model/form.h"

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

enum event_kind form_kind(enum form f)
{
	switch (f) {
	case FORM_WEB:
		return KIND_WEB;
	case FORM_ELB:
		return KIND_ELB;
	case FORM_S3_ACCESS:
		return KIND_S3_ACCESS;
	case FORM_CLOUDFRONT:
		return KIND_CLOUDFRONT;
	case FORM_WAF:
		return KIND_WAF;
	case FORM_MYSQL:
		return KIND_MYSQL;
	case FORM_FLOW:
		return KIND_FLOW;
	case FORM_GUARDDUTY:
		return KIND_GUARDDUTY;
	case FORM_SECURITY_HUB:
		return KIND_SECURITYHUB;
	case FORM_CONFIG:
		return KIND_CONFIG;
	default:
		return KIND_CLOUDTRAIL;
	}
}

const char *form_lacks(enum form f)
{
	return forms[f].lacks;
}
