/* SPDX-License-Identifier: MIT */
#include "casework/touched_with.h"

#include "base/attr.h"
#include "identity/policy.h"
#include "model/arn.h"

struct naming {
	struct str own; /* account, or empty: not known */
	struct strbuf *out;
};

/* Access lists by name that let nobody in but the owner and AWS itself. */
static bool is_private_list(struct str name)
{
	static const char *const lists[] = { "private", "aws-exec-read",
					     "bucket-owner-read",
					     "bucket-owner-full-control",
					     "log-delivery-write" };

	for (size_t i = 0; i < ARRAY_SIZE(lists); i++)
		if (str_eq(name, str_of(lists[i])))
			return true;
	return false;
}

static bool is_stranger(const struct naming *n, struct str who)
{
	struct arn arn;

	if (arn_parse(who, &arn))
		return !arn.account.n || !str_eq(arn.account, n->own);
	return who.n && !str_eq(who, n->own) &&
	       !str_ends(who, STR(".amazonaws.com")) &&
	       !str_ends(who, STR("/LogDelivery")) && !is_private_list(who);
}

static void add_stranger(void *context, struct str who)
{
	const struct naming *n = context;

	if (!is_stranger(n, who))
		return;
	if (n->out->n)
		strbuf_addc(n->out, ' ');
	strbuf_add(n->out, who);
}

/* Whoever is of an organization, whatever his account, is named by it. */
static void add_guest(void *context, const struct policy_guest *guest)
{
	if (guest->organization.n && is_stranger(context, guest->principal))
		add_stranger(context, guest->organization);
	else
		add_stranger(context, guest->principal);
}

static bool see_name(void *context, const struct json *v)
{
	add_stranger(context, v->text);
	return true;
}

void touched_strangers(const struct json *record, const char *paths,
		       struct arena *scratch, struct strbuf *out)
{
	struct naming n = { json_text_at(record, "recipientAccountId"), out };
	struct str left = str_of(paths), path;

	while (str_next(&left, ' ', &path)) {
		const struct json *policy = policy_document(
			json_at(record, arena_dup(scratch, path).p), scratch);

		if (policy)
			(void)policy_each_guest(policy, add_guest, &n);
		else
			json_each(record, path, see_name, &n);
	}
}
