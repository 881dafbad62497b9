/* SPDX-License-Identifier: MIT */
/*
 * site.h - what is the responder's own
 *
 * Accounts, networks, vendors: what decides whether a caller is foreign, an
 * address external, a share expected. A site file says it, a line each, words
 * separated by blanks, names with blanks in quotes, # begins a comment:
 *
 *     account      111122223333 production
 *     organization o-a1b2c3d4e5
 *     network      198.51.100.0/24 office
 *     vendor       222233334444 "Acme monitoring"
 *     scanner      203.0.113.7 weekly scan
 *     break-glass  arn:aws:iam::111122223333:user/emergency
 *     geoip        GeoLite2-City.mmdb
 *     ip-ranges    ip-ranges.json
 *
 * The last two name files, beside the site file unless they begin with "/",
 * which geo.h reads. Nothing is required. Where no account is given, own
 * accounts are those whose events were delivered, and own organizations those
 * whose trails delivered them: the caller adds them with site_deliver and
 * site_deliver_organization.
 *
 * Layer: model. Threads: one writes, then any may read. Cost: a lookup is
 * linear in the few lines that people write.
 */
#ifndef TRAWL_SITE_H
#define TRAWL_SITE_H

#include "base/arena.h"
#include "base/err.h"
#include "model/addr.h"

enum { SITE_FILE_MAX = 1024 * 1024, SITE_ENTRIES = 4096 };

/* Word in the file, what it is called when shown. */
#define SITE_KINDS(X)                        \
	X(SITE_ACCOUNT, "account")           \
	X(SITE_ORGANIZATION, "organization") \
	X(SITE_NETWORK, "network")           \
	X(SITE_VENDOR, "vendor")             \
	X(SITE_SCANNER, "scanner")           \
	X(SITE_BREAK_GLASS, "break-glass")   \
	X(SITE_GEOIP, "geoip")               \
	X(SITE_IP_RANGES, "ip-ranges")

enum site_kind {
#define X(code, word) code,
	SITE_KINDS(X)
#undef X
		SITE_KIND_COUNT
};

struct site_entry {
	enum site_kind kind;
	struct str value;       /* account, organisation, network or ARN */
	struct str name;        /* or empty */
	struct network network; /* of SITE_NETWORK and SITE_SCANNER */
};

struct site {
	struct arena arena;
	struct site_entry *entry;
	size_t n, cap;
	bool says_accounts;      /* a line named an account */
	bool says_organizations; /* a line named an organization */
};

enum site_owner {
	SITE_OWN,
	SITE_OF_VENDOR,
	SITE_FOREIGN,
	SITE_UNKNOWN_OWNER, /* no account is known as own, or none was given */
};

void site_init(struct site *s);
/* A copy, to which accounts that were delivered may be added. */
void site_init_copy(struct site *s, const struct site *from);
void site_release(struct site *s);

/* Adds what a site file's text says; `path` is for messages. ERR_SYNTAX
 * "PATH:LINE: what is wrong"; then nothing of it counts. */
ATTR_NODISCARD enum err_code site_read(struct site *s, struct str text,
				       const char *path, struct err *err);

/* An account whose events were delivered: own, unless lines say which are. */
void site_deliver(struct site *s, struct str account);
/* A file that an organization's trail delivered, as its path says: below
 * "AWSLogs/o-a1b2c3d4e5/". That organization is own, unless lines say which
 * are. */
void site_deliver_organization(struct site *s, struct str path);

/* Is there a line of that kind? */
bool site_names(const struct site *s, enum site_kind kind);
enum site_owner site_owner_of(const struct site *s, struct str account);
/* Of an organization's id; no vendor has one here. */
enum site_owner site_organization_owner(const struct site *s, struct str id);
/* "production", or empty. */
struct str site_account_name(const struct site *s, struct str account);
/* The first network or scanner that has the address, or NULL. */
const struct site_entry *site_network_of(const struct site *s,
					 struct str address);
/* The line that names a principal, as node ids have it, as break-glass, or
 * NULL. A user that was deleted and made again is "ARN#AIDA...". */
const struct site_entry *site_break_glass_of(const struct site *s,
					     struct str principal);

#endif /* TRAWL_SITE_H */
