/* SPDX-License-Identifier: MIT */
/* Whose a node is, and the words of questions. */
#include "identity/question.h"

#include <stdlib.h>

#include "base/mem.h"
#include "identity/climb.h"

void origin_of(struct origin *out, const struct lineage *l, node_id node)
{
	const struct lineage_edge *e;
	struct climb climb;
	size_t cap = 0;

	climb_init(&climb, l);
	*out = (struct origin){ .certainty = climb_certainty(&climb, node) };
	for (;;) {
		e = climb_parent(&climb, node);
		out->step = mem_grow(out->step, &cap, (size_t)out->n + 1,
				     sizeof(*out->step));
		out->step[out->n++] = (struct origin_step){ node, e };
		if (!e)
			break;
		node = lineage_other_end(e, node);
	}
	for (uint32_t i = 0; i < out->n / 2; i++) {
		struct origin_step swap = out->step[i];

		out->step[i] = out->step[out->n - 1 - i];
		out->step[out->n - 1 - i] = swap;
	}
	out->gap = lineage_gap(l, node);
	climb_release(&climb);
}

void origin_release(struct origin *o)
{
	free(o->step);
	*o = (struct origin){ .n = 0 };
}

void origin_gap_describe(const struct origin_gap *gap, struct strbuf *out)
{
	strbuf_adds(out, gap_kind_text(gap->kind));
	if (gap->kind == GAP_NONE || !gap->account[0])
		return;
	strbuf_addf(out, ": account %s%s", gap->account,
		    gap->derived ? ", as its id says" : "");
}

const char *suspicion_text(enum suspicion why)
{
	static const char *const texts[] = {
#define X(code, text) text,
		SUSPICIONS(X)
#undef X
	};

	return texts[why];
}

/* Name in JSON, what it is, how it is revoked. */
static const char *const credentials[][3] = {
#define X(code, name, what, how) { name, what, how },
	CREDENTIAL_KINDS(X)
#undef X
};

const char *credential_kind_name(enum credential_kind kind)
{
	return credentials[kind][0];
}

const char *credential_kind_what(enum credential_kind kind)
{
	return credentials[kind][1];
}

const char *credential_kind_how(enum credential_kind kind)
{
	return credentials[kind][2];
}
