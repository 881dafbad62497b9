/* SPDX-License-Identifier: MIT */
/*
 * Where machines are, and what lies beside the calls and names them: the
 * requester of S3's access log, the interfaces and private addresses of flows,
 * load balancers and databases, the resource of an item of AWS Config.
 */
#include "identity/fact_private.h"

#include "base/attr.h"
#include "model/addr.h"
#include "model/arn.h"

/* Interfaces and addresses that one instance is told to have, at most. */
enum { INTERFACES_MOST = 32 };

/* An instance has an address or an interface, from the event's time on. */
static void link_place(struct fact_worker *w, struct str instance,
		       struct str place)
{
	struct str who;
	uint64_t h;

	if (!fact_is_instance(instance) || !w->account.n ||
	    (!fact_is_interface(place) && addr_class(place) != ADDR_PRIVATE))
		return;
	who = fact_join(w, fact_join(w, w->account, STR("/")), instance);
	h = fact_mix(w, fact_mix(w, LINK_PLACE, who), place) | 1;
	if (fact_was_met(w, h, w->e->time))
		return;
	fact_meet(w, h, w->e->time);
	fact_link(w, LINK_PLACE, who, place);
}

void fact_read_places(struct fact_worker *w, struct str instance,
		      const struct json *interfaces)
{
	unsigned left = INTERFACES_MOST;

	if (!interfaces)
		return;
	for (const struct json *v = interfaces->child; v && left--;
	     v = v->next) {
		link_place(w, instance, json_text_at(v, "networkInterfaceId"));
		link_place(w, instance, json_text_at(v, "NetworkInterfaceId"));
		link_place(w, instance, json_text_at(v, "privateIpAddress"));
		link_place(w, instance, json_text_at(v, "PrivateIpAddress"));
	}
}

void fact_read_place(struct fact_worker *w, struct str instance,
		     struct str place)
{
	link_place(w, instance, place);
}

bool fact_is_interface(struct str s)
{
	return str_starts(s, STR("eni-")) && s.n > 4 && s.n < 40;
}

void fact_read_endpoint(struct fact_worker *w)
{
	struct str session = w->e->column[EVENT_SESSION], name;
	size_t colon = str_find_char(session, ':', 0);

	if (colon == SIZE_MAX)
		return;
	name = str_from(session, colon + 1);
	name = str_sub(name, 0, str_find_last(name, '@'));
	link_place(w, name, w->e->column[EVENT_IP]);
}

/* ssm UpdateInstanceInformation: what an instance's agent says of it. */
static void read_agent(struct fact_worker *w, unsigned how)
{
	(void)how;
	link_place(w, fact_request(w, "instanceId"),
		   fact_first(fact_request(w, "iPAddress"),
			      fact_request(w, "ipAddress")));
}

/* ec2 AttachNetworkInterface. */
static void read_attach(struct fact_worker *w, unsigned how)
{
	(void)how;
	link_place(w, fact_request(w, "instanceId"),
		   fact_request(w, "networkInterfaceId"));
}

const struct fact_handler fact_beside_handlers[] = {
	{ "ssm", "UpdateInstanceInformation", read_agent, 0 },
	{ "ec2", "AttachNetworkInterface", read_attach, 0 },
	{ NULL, NULL, NULL, 0 },
};

/* What lies beside ---------------------------------------------------------- */

/* "@111122223333/10.0.30.91": the machine that has an address inside, of one
 * account or, where the log does not say, of any. */
static void target_address(struct fact_worker *w, struct str account,
			   struct str address)
{
	if (addr_class(address) != ADDR_PRIVATE)
		return;
	account = fact_join(w, fact_join(w, STR("@"), account), STR("/"));
	fact_target(w, fact_join(w, account, address));
}

static void read_flow(struct fact_worker *w)
{
	static const char *const addresses[] = { "srcaddr", "dstaddr",
						 "pkt-srcaddr", "pkt-dstaddr" };
	struct str instance = fact_at(w, "instance-id");
	struct str interface = fact_at(w, "interface-id");

	if (fact_is_instance(instance))
		fact_target(w, instance);
	if (fact_is_interface(interface))
		fact_target(w, interface);
	for (size_t i = 0; i < ARRAY_SIZE(addresses); i++)
		target_address(w, w->account, fact_at(w, addresses[i]));
}

/* The account of a target group's ARN; a classic balancer's line has none. */
static void read_balancer(struct fact_worker *w)
{
	struct str account = w->account;
	struct arn arn;

	if (arn_parse(fact_at(w, "target_group_arn"), &arn))
		account = arn.account;
	target_address(w, account, fact_at(w, "s-ip"));
	target_address(w, account, fact_at(w, "c-ip"));
}

static void read_finding(struct fact_worker *w)
{
	static const char *const details[] = {
		"finding.resource.instanceDetails",
		"finding.Resource.InstanceDetails",
	};

	for (size_t i = 0; i < ARRAY_SIZE(details); i++) {
		const struct json *v = json_at(w->e->record, details[i]);

		if (!v)
			continue;
		fact_read_places(w, json_text_at(v, "instanceId"),
				 json_at(v, "networkInterfaces"));
		fact_read_places(w, json_text_at(v, "InstanceId"),
				 json_at(v, "NetworkInterfaces"));
	}
	fact_read_named(w);
}

/* An item of AWS Config: where an instance is, whose an interface is. */
static void read_item(struct fact_worker *w)
{
	const struct json *v = json_member(w->e->record, STR("configuration"));
	struct str type = w->e->column[EVENT_NAME], instance;

	if (str_eq(type, STR("AWS::EC2::Instance"))) {
		instance = fact_at(w, "resourceId");
		fact_read_places(w, instance, json_at(v, "networkInterfaces"));
		link_place(w, instance, json_text_at(v, "privateIpAddress"));
	} else if (str_eq(type, STR("AWS::EC2::NetworkInterface"))) {
		instance = json_text_at(v, "attachment.instanceId");
		link_place(w, instance, fact_at(w, "resourceId"));
		link_place(w, instance, json_text_at(v, "privateIpAddress"));
	}
	fact_read_named(w);
}

void fact_read_beside(struct fact_worker *w)
{
	struct str requester;

	switch (w->e->kind) {
	case KIND_S3_ACCESS:
		/* Else it is a canonical id, which says nothing of whose. */
		requester = fact_at(w, "requester");
		if (str_starts(requester, STR("arn:")))
			fact_target(w, requester);
		target_address(w, STR_NULL, w->e->column[EVENT_IP]);
		break;
	case KIND_FLOW:
		read_flow(w);
		break;
	case KIND_ELB:
		read_balancer(w);
		break;
	case KIND_GUARDDUTY:
		read_finding(w);
		break;
	case KIND_CONFIG:
		read_item(w);
		break;
	case KIND_WEB:
	case KIND_WAF:
	case KIND_MYSQL:
		target_address(w, w->account, w->e->column[EVENT_IP]);
		break;
	default:
		fact_read_named(w);
		break;
	}
}
