/* SPDX-License-Identifier: MIT */
/* VPC flow logs: the default format of version 2, or any with a header. */
#include "ingest/line_private.h"

#include "base/attr.h"
#include "model/addr.h"

static const char default_header[] =
	"version account-id interface-id srcaddr dstaddr srcport dstport "
	"protocol packets bytes start end action log-status";

enum { DEFAULT_FIELDS = 14, LONGEST_NAME = 48 };

/* Names of fields are words of small letters. */
static bool is_name(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((s.p[i] < 'a' || s.p[i] > 'z') && s.p[i] != '-')
			return false;
	return s.n && s.n <= LONGEST_NAME;
}

bool line_is_flow_header(struct str line)
{
	bool from = false, to = false;
	struct str name;
	unsigned n = 0;

	while (str_next(&line, ' ', &name)) {
		if (!is_name(name) || ++n > LINE_TOKENS)
			return false;
		from |= str_eq(name, STR("srcaddr")) ||
			str_eq(name, STR("pkt-srcaddr"));
		to |= str_eq(name, STR("dstaddr")) ||
		      str_eq(name, STR("pkt-dstaddr"));
	}
	return from && to;
}

/* What a line has under a header's names. */
struct flow {
	struct str account, from, to, port, protocol, start, action, status,
		region, packet_from, packet_to;
};

static void take_field(struct flow *f, struct str name, struct str text)
{
	const struct {
		const char *name;
		struct str *at;
	} fields[] = {
		{ "account-id", &f->account },
		{ "srcaddr", &f->from },
		{ "dstaddr", &f->to },
		{ "dstport", &f->port },
		{ "protocol", &f->protocol },
		{ "start", &f->start },
		{ "action", &f->action },
		{ "log-status", &f->status },
		{ "region", &f->region },
		{ "pkt-srcaddr", &f->packet_from },
		{ "pkt-dstaddr", &f->packet_to },
	};

	for (size_t i = 0; i < ARRAY_SIZE(fields); i++)
		if (str_eq(name, str_of(fields[i].name)))
			*fields[i].at = text;
}

/* The side that is not one's own: where a flow came from or went to. */
static struct str other_side(const struct flow *f)
{
	struct str from = f->packet_from.n ? f->packet_from : f->from;
	struct str to = f->packet_to.n ? f->packet_to : f->to;

	if (addr_class(from) != ADDR_PUBLIC && addr_class(to) == ADDR_PUBLIC)
		return to;
	return from;
}

static struct str protocol_name(struct str number)
{
	return str_eq(number, STR("6"))  ? STR("tcp") :
	       str_eq(number, STR("17")) ? STR("udp") :
	       str_eq(number, STR("1"))  ? STR("icmp") :
					   number;
}

/* "ACCEPT tcp/443"; "NODATA". */
static struct str name_of(struct line *l, const struct flow *f)
{
	if (!f->action.n)
		return f->status.n ? f->status : STR("flow");
	if (!f->protocol.n)
		return f->action;
	return arena_join_all(
		l->arena,
		(struct str[]){ f->action, STR(" "), protocol_name(f->protocol),
				f->port.n ? STR("/") : STR_NULL, f->port },
		5);
}

static bool is_flow(const struct flow *f)
{
	struct addr a;

	if (!f->start.n || !str_all_digits(f->start) || f->start.n > 12)
		return false;
	if (str_eq(f->status, STR("NODATA")) ||
	    str_eq(f->status, STR("SKIPDATA")))
		return true;
	return addr_parse(f->from.n ? f->from : f->packet_from, &a) &&
	       addr_parse(f->to.n ? f->to : f->packet_to, &a);
}

bool line_flow(struct line *l, struct str header)
{
	struct str names = header.n ? header : str_of(default_header), name;
	struct flow f = { .account = STR_NULL };
	struct json_writer w;
	uint64_t start = 0;
	unsigned first = 0, i;

	/* Out of CloudWatch Logs: a time before each line. */
	if (!header.n && l->n == DEFAULT_FIELDS + 1 &&
	    time_parse(l->token[0].text, NULL) != TIME_NONE)
		first = 1;
	if (!header.n && (l->n != DEFAULT_FIELDS + first ||
			  !str_eq(l->token[first].text, STR("2"))))
		return false;
	for (i = first; str_next(&names, ' ', &name); i++) {
		if (i >= l->n)
			return false;
		take_field(&f, name, line_text(l, i));
	}
	if (i != l->n || !is_flow(&f) || !str_to_u64(f.start, &start))
		return false;
	line_begin(l, &w, (int64_t)start * 1000, "flow", name_of(l, &f),
		   other_side(&f));
	json_pair(&w, "awsRegion", f.region);
	if (str_eq(f.action, STR("REJECT")))
		json_pair(&w, "errorCode", f.action);
	names = header.n ? header : str_of(default_header);
	for (i = first; str_next(&names, ' ', &name); i++) {
		/* Names of a header are words of small letters. */
		const char *key = arena_dup(l->arena, name).p;

		if (str_eq(name, STR("account-id")))
			json_pair(&w, key, line_text(l, i));
		else
			line_put(&w, key, line_text(l, i));
	}
	line_end(l, &w);
	return true;
}
