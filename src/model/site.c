/* SPDX-License-Identifier: MIT */
#include "model/site.h"

#include <stdlib.h>

#include "base/attr.h"
#include "base/mem.h"

static const char *const words[] = {
#define X(code, word) word,
	SITE_KINDS(X)
#undef X
};

void site_init(struct site *s)
{
	*s = (struct site){ .n = 0 };
	arena_init(&s->arena);
}

static void add_entry(struct site *s, const struct site_entry *e)
{
	s->entry = mem_grow(s->entry, &s->cap, s->n + 1, sizeof(*s->entry));
	s->entry[s->n] = *e;
	s->entry[s->n].value = arena_dup(&s->arena, e->value);
	s->entry[s->n].name = arena_dup(&s->arena, e->name);
	s->n++;
}

void site_init_copy(struct site *s, const struct site *from)
{
	site_init(s);
	for (size_t i = 0; i < from->n; i++)
		add_entry(s, &from->entry[i]);
	s->says_accounts = from->says_accounts;
	s->says_organizations = from->says_organizations;
}

void site_release(struct site *s)
{
	free(s->entry);
	arena_release(&s->arena);
	*s = (struct site){ .n = 0 };
}

/* Lines ------------------------------------------------------------------- */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* Cuts the next word off a line; quotes hold blanks together. */
static struct str next_word(struct str *line)
{
	struct str word;
	size_t end = 0;

	while (line->n && is_blank(line->p[0]))
		*line = str_from(*line, 1);
	if (line->n && line->p[0] == '"') {
		size_t close = str_find_char(*line, '"', 1);

		if (close != SIZE_MAX) {
			word = str_sub(*line, 1, close);
			*line = str_from(*line, close + 1);
			return word;
		}
	}
	while (end < line->n && !is_blank(line->p[end]))
		end++;
	word = str_sub(*line, 0, end);
	*line = str_from(*line, end);
	return word;
}

/* What is left of a line is a name, whether in quotes or not. */
static struct str rest_of(struct str line)
{
	line = str_trim(line);
	if (line.n >= 2 && line.p[0] == '"' && line.p[line.n - 1] == '"')
		return str_sub(line, 1, line.n - 1);
	return line;
}

static bool is_account(struct str s)
{
	return s.n == 12 && str_all_digits(s);
}

/* What is wrong with an entry, or NULL. Fills its network. */
static const char *check_entry(struct site_entry *e)
{
	switch (e->kind) {
	case SITE_ACCOUNT:
	case SITE_VENDOR:
		return is_account(e->value) ? NULL :
					      "an account has twelve digits";
	case SITE_ORGANIZATION:
		return str_starts(e->value, STR("o-")) ?
			       NULL :
			       "an organization's id begins with o-";
	case SITE_NETWORK:
	case SITE_SCANNER:
		return network_parse(e->value, &e->network) ?
			       NULL :
			       "an address or a network such as "
			       "198.51.100.0/24 was expected";
	case SITE_BREAK_GLASS:
		return str_starts(e->value, STR("arn:")) ?
			       NULL :
			       "an ARN was expected";
	case SITE_GEOIP:
	case SITE_IP_RANGES:
		return e->value.n ? NULL : "a file was expected";
	case SITE_KIND_COUNT:
		break;
	}
	return "unknown";
}

static bool find_kind(struct str word, enum site_kind *kind)
{
	for (size_t k = 0; k < ARRAY_SIZE(words); k++)
		if (str_eq_fold(word, str_of(words[k]))) {
			*kind = (enum site_kind)k;
			return true;
		}
	return false;
}

/* NULL when the line is good or empty. */
static const char *read_line(struct site *s, struct str line)
{
	struct site_entry e = { .kind = SITE_ACCOUNT };
	struct str word = next_word(&line);
	const char *wrong;

	if (!word.n || word.p[0] == '#')
		return NULL;
	if (!find_kind(word, &e.kind))
		return "account, organization, network, vendor, scanner, "
		       "break-glass, geoip or ip-ranges was expected";
	e.value = next_word(&line);
	e.name = rest_of(str_sub(line, 0, str_find_char(line, '#', 0)));
	wrong = check_entry(&e);
	if (wrong)
		return wrong;
	if (s->n >= SITE_ENTRIES)
		return "too many lines";
	add_entry(s, &e);
	s->says_accounts |= e.kind == SITE_ACCOUNT;
	s->says_organizations |= e.kind == SITE_ORGANIZATION;
	return NULL;
}

enum err_code site_read(struct site *s, struct str text, const char *path,
			struct err *err)
{
	bool said_accounts = s->says_accounts;
	bool said_organizations = s->says_organizations;
	size_t before = s->n, number = 0;
	struct str line;

	while (str_next(&text, '\n', &line)) {
		const char *wrong = read_line(s, line);

		number++;
		if (!wrong)
			continue;
		s->n = before;
		s->says_accounts = said_accounts;
		s->says_organizations = said_organizations;
		return err_set(err, ERR_SYNTAX, "%s:%zu: %s", path, number,
			       wrong);
	}
	return ERR_OK;
}

void site_deliver(struct site *s, struct str account)
{
	struct site_entry e = { .kind = SITE_ACCOUNT, .value = account };

	if (s->says_accounts || !is_account(account) || s->n >= SITE_ENTRIES)
		return;
	if (site_owner_of(s, account) == SITE_OWN)
		return;
	add_entry(s, &e);
}

/* "o-" and ten to thirty-two letters or digits. */
static bool is_organization(struct str s)
{
	if (s.n < 12 || s.n > 34 || !str_starts(s, STR("o-")))
		return false;
	for (size_t i = 2; i < s.n; i++)
		if (!(s.p[i] >= 'a' && s.p[i] <= 'z') &&
		    !(s.p[i] >= '0' && s.p[i] <= '9'))
			return false;
	return true;
}

void site_deliver_organization(struct site *s, struct str path)
{
	struct str folder = STR("AWSLogs/");
	struct site_entry e = { .kind = SITE_ORGANIZATION };
	size_t at = str_find(path, folder, 0);

	if (s->says_organizations || at == SIZE_MAX || s->n >= SITE_ENTRIES)
		return;
	path = str_from(path, at + folder.n);
	e.value = str_sub(path, 0, str_find_char(path, '/', 0));
	if (e.value.n < path.n && is_organization(e.value) &&
	    site_organization_owner(s, e.value) != SITE_OWN)
		add_entry(s, &e);
}

/* Looking ----------------------------------------------------------------- */

static const struct site_entry *find(const struct site *s, enum site_kind kind,
				     struct str value)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->entry[i].kind == kind &&
		    str_eq(s->entry[i].value, value))
			return &s->entry[i];
	return NULL;
}

bool site_names(const struct site *s, enum site_kind kind)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->entry[i].kind == kind)
			return true;
	return false;
}

enum site_owner site_owner_of(const struct site *s, struct str account)
{
	if (!is_account(account))
		return SITE_UNKNOWN_OWNER;
	if (find(s, SITE_VENDOR, account))
		return SITE_OF_VENDOR;
	if (find(s, SITE_ACCOUNT, account))
		return SITE_OWN;
	return site_names(s, SITE_ACCOUNT) ? SITE_FOREIGN : SITE_UNKNOWN_OWNER;
}

enum site_owner site_organization_owner(const struct site *s, struct str id)
{
	if (find(s, SITE_ORGANIZATION, id))
		return SITE_OWN;
	return site_names(s, SITE_ORGANIZATION) ? SITE_FOREIGN :
						  SITE_UNKNOWN_OWNER;
}

struct str site_account_name(const struct site *s, struct str account)
{
	const struct site_entry *e = find(s, SITE_ACCOUNT, account);

	if (!e)
		e = find(s, SITE_VENDOR, account);
	return e ? e->name : STR_NULL;
}

const struct site_entry *site_network_of(const struct site *s,
					 struct str address)
{
	struct addr a;

	if (!addr_parse(address, &a))
		return NULL;
	for (size_t i = 0; i < s->n; i++) {
		const struct site_entry *e = &s->entry[i];

		if ((e->kind == SITE_NETWORK || e->kind == SITE_SCANNER) &&
		    network_has(&e->network, &a))
			return e;
	}
	return NULL;
}

const struct site_entry *site_break_glass_of(const struct site *s,
					     struct str principal)
{
	return find(s, SITE_BREAK_GLASS,
		    str_sub(principal, 0, str_find_char(principal, '#', 0)));
}
