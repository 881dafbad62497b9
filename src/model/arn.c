/* SPDX-License-Identifier: MIT */
#include "model/arn.h"

bool arn_parse(struct str s, struct arn *out)
{
	struct str *part[] = { &out->partition, &out->service, &out->region,
			       &out->account };
	size_t at = 4;

	*out = (struct arn){ STR_NULL, STR_NULL, STR_NULL, STR_NULL, STR_NULL };
	if (!str_starts(s, STR("arn:")))
		return false;
	for (size_t i = 0; i < 4; i++) {
		size_t end = str_find_char(s, ':', at);

		if (end == SIZE_MAX) {
			*out = (struct arn){ STR_NULL, STR_NULL, STR_NULL,
					     STR_NULL, STR_NULL };
			return false;
		}
		*part[i] = str_sub(s, at, end);
		at = end + 1;
	}
	out->resource = str_from(s, at);
	return true;
}

struct str arn_last_segment(struct str resource)
{
	size_t at = str_find_last(resource, '/');

	return at == SIZE_MAX ? resource : str_from(resource, at + 1);
}

bool arn_assumed_role(struct str s, struct str *account, struct str *role,
		      struct str *session)
{
	struct arn arn;
	struct str rest;
	size_t slash;

	if (!arn_parse(s, &arn) ||
	    !str_starts(arn.resource, STR("assumed-role/")))
		return false;
	rest = str_from(arn.resource, sizeof("assumed-role/") - 1);
	slash = str_find_char(rest, '/', 0);
	if (slash == SIZE_MAX)
		return false;
	*account = arn.account;
	*role = str_sub(rest, 0, slash);
	*session = str_from(rest, slash + 1);
	return true;
}

struct str arn_partition(struct str region)
{
	if (str_starts(region, STR("cn-")))
		return STR("arn:aws-cn:");
	if (str_starts(region, STR("us-gov-")))
		return STR("arn:aws-us-gov:");
	return STR("arn:aws:");
}
