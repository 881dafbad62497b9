/* SPDX-License-Identifier: MIT */
#include "helpers.h"

#include "model/attack.h"

static struct technique_id id_of(const char *text)
{
	struct technique_id id;

	check(attack_technique_id(str_of(text), &id), "%s", text);
	return id;
}

/* Tactics ----------------------------------------------------------------- */

static void tactics_have_their_names(void **state)
{
	/* The enterprise matrix, from left to right. */
	static const char *const want[TACTIC_COUNT][3] = {
		{ "TA0043", "reconnaissance", "Reconnaissance" },
		{ "TA0042", "resource-development", "Resource Development" },
		{ "TA0001", "initial-access", "Initial Access" },
		{ "TA0002", "execution", "Execution" },
		{ "TA0003", "persistence", "Persistence" },
		{ "TA0004", "privilege-escalation", "Privilege Escalation" },
		{ "TA0005", "stealth", "Stealth" },
		{ "TA0112", "defense-impairment", "Defense Impairment" },
		{ "TA0006", "credential-access", "Credential Access" },
		{ "TA0007", "discovery", "Discovery" },
		{ "TA0008", "lateral-movement", "Lateral Movement" },
		{ "TA0009", "collection", "Collection" },
		{ "TA0011", "command-and-control", "Command and Control" },
		{ "TA0010", "exfiltration", "Exfiltration" },
		{ "TA0040", "impact", "Impact" },
	};

	(void)state;
	assert_int_equal(TACTIC_COUNT, 15);
	for (unsigned i = 0; i < TACTIC_COUNT; i++) {
		enum attack_tactic t = (enum attack_tactic)i;
		const char *short_name = attack_tactic_short(t);

		assert_int_equal(attack_tactics_named(str_of(want[i][0])),
				 TACTIC_BIT(t));
		assert_string_equal(attack_tactic_name(t), want[i][1]);
		assert_string_equal(attack_tactic_title(t), want[i][2]);
		assert_true(strlen(short_name) >= 3 && strlen(short_name) <= 4);
		for (unsigned k = 0; k < i; k++)
			assert_string_not_equal(
				short_name,
				attack_tactic_short((enum attack_tactic)k));
	}
}

static void each_name_names_its_tactic(void **state)
{
	(void)state;
	for (unsigned i = 0; i < TACTIC_COUNT; i++) {
		enum attack_tactic t = (enum attack_tactic)i;
		const char *names[] = { attack_tactic_name(t),
					attack_tactic_title(t),
					attack_tactic_short(t) };

		for (size_t k = 0; k < ARRAY_SIZE(names); k++) {
			char upper[40], under[40];

			snprintf(upper, sizeof(upper), "%s", names[k]);
			snprintf(under, sizeof(under), "%s", names[k]);
			for (char *p = upper; *p; p++)
				if (*p >= 'a' && *p <= 'z')
					*p = (char)(*p - 32);
			for (char *p = under; *p; p++)
				if (*p == '-' || *p == ' ')
					*p = '_';
			assert_int_equal(attack_tactics_named(str_of(names[k])),
					 TACTIC_BIT(t));
			assert_int_equal(attack_tactics_named(str_of(upper)),
					 TACTIC_BIT(t));
			assert_int_equal(attack_tactics_named(str_of(under)),
					 TACTIC_BIT(t));
		}
	}
}

static void the_tactic_that_was_split(void **state)
{
	static const char *const names[] = { "defense-evasion",
					     "Defense Evasion",
					     "defense_evasion",
					     "defence-evasion" };
	tactic_set both = TACTIC_BIT(TACTIC_STEALTH) |
			  TACTIC_BIT(TACTIC_DEFENSE_IMPAIRMENT);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		assert_int_equal(attack_tactics_named(str_of(names[i])), both);
	/* The number stayed with one of them. */
	assert_int_equal(attack_tactics_named(STR("TA0005")),
			 TACTIC_BIT(TACTIC_STEALTH));
}

static void what_names_no_tactic(void **state)
{
	static const char *const none[] = {
		"",     "persist", "TA0099", "TA00001", "attack.persistence",
		"T1098"
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(none); i++)
		assert_int_equal(attack_tactics_named(str_of(none[i])), 0);
	assert_int_equal(attack_tactics_named(STR_NULL), 0);
	assert_int_equal(attack_tactics_named(STR("impact\0")), 0);
}

/* Techniques -------------------------------------------------------------- */

static void numbers_are_normalised(void **state)
{
	static const struct {
		const char *text, *id, *was;
	} cases[] = {
		{ "T1098", "T1098", NULL },
		{ "t1098.003", "T1098.003", NULL },
		{ "T9999.999", "T9999.999", NULL },
		/* v18 and what became of it. */
		{ "T1562", "T1685", "T1562" },
		{ "t1562", "T1685", "T1562" },
		{ "T1562.001", "T1685", "T1562" },
		{ "T1562.007", "T1686.001", "T1562.007" },
		{ "T1562.008", "T1685.002", "T1562.008" },
		{ "t1562.008", "T1685.002", "T1562.008" },
		{ "T1685.002", "T1685.002", "T1562.008" },
	};
	static const char *const bad[] = {
		"",          "T",      "T109",    "T10980",     "1098",
		"X1098",     "T1098.", "T1098.1", "T1098.0031", "T1098/003",
		"T1098.0a1", "T1o98",  "T1098 ",  " T1098",     "TA0003",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct str s = exact_copy(str_of(cases[i].text));
		struct technique_id id;
		const char *was;

		assert_true(attack_technique_id(s, &id));
		assert_string_equal(id.text, cases[i].id);
		was = attack_technique_was(&id);
		if (cases[i].was)
			assert_string_equal(was, cases[i].was);
		else
			assert_null(was);
		exact_free(s);
	}
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct str s = exact_copy(str_of(bad[i]));
		struct technique_id id;

		check(!attack_technique_id(s, &id), "%s", bad[i]);
		exact_free(s);
	}
	assert_false(attack_technique_id(STR("T1098\0"),
					 &(struct technique_id){ "" }));
}

static void within(void **state)
{
	static const struct {
		const char *have, *wanted;
		bool want;
	} cases[] = {
		{ "T1098", "T1098", true },
		{ "T1098.003", "T1098", true },
		{ "T1098.003", "T1098.003", true },
		{ "T1098", "T1098.003", false },
		{ "T1098.003", "T1098.001", false },
		{ "T1099", "T1098", false },
		/* Old and new names are the same technique. */
		{ "T1562.008", "T1562", true },
		{ "T1562.008", "T1685", true },
		{ "T1685.002", "T1562.008", true },
		{ "T1562.007", "T1686", true },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct technique_id have = id_of(cases[i].have);
		struct technique_id wanted = id_of(cases[i].wanted);

		check(attack_technique_within(&have, &wanted) == cases[i].want,
		      "%s in %s", cases[i].have, cases[i].wanted);
	}
}

/*
 * ATT&CK's matrix for the platform IaaS, v18.1 with the moves of v19, tactic
 * by tactic.
 */
static const struct {
	enum attack_tactic tactic;
	const char *ids;
} matrix[] = {
	{ TACTIC_INITIAL_ACCESS, "T1078 T1078.001 T1078.004 T1190 T1199" },
	{ TACTIC_EXECUTION, "T1059 T1059.009 T1204 T1204.003 T1648 T1651" },
	{ TACTIC_PERSISTENCE,
	  "T1078 T1078.001 T1078.004 T1098 T1098.001 T1098.003 T1098.004 "
	  "T1136 T1136.003 T1525 T1546 T1556 T1556.006 T1556.007 T1556.009" },
	{ TACTIC_PRIVILEGE_ESCALATION,
	  "T1078 T1078.001 T1078.004 T1098 T1098.001 T1098.003 T1098.004 "
	  "T1546 T1548 T1548.005" },
	{ TACTIC_STEALTH, "T1036.010 T1078 T1078.001 T1078.004 T1211 T1535" },
	{ TACTIC_DEFENSE_IMPAIRMENT,
	  "T1685 T1685.002 T1686 T1686.001 T1578 T1578.001 T1578.002 "
	  "T1578.003 T1578.004 T1578.005 T1666 T1556 T1556.006 T1556.007 "
	  "T1556.009" },
	{ TACTIC_CREDENTIAL_ACCESS,
	  "T1040 T1110 T1110.001 T1110.003 T1110.004 T1528 T1552 T1552.001 "
	  "T1552.005 T1555 T1555.006 T1556 T1556.006 T1556.007 T1556.009 "
	  "T1606 T1606.001 T1606.002 T1621" },
	{ TACTIC_DISCOVERY,
	  "T1040 T1046 T1049 T1069 T1069.003 T1082 T1087 T1087.004 T1201 "
	  "T1518 T1518.001 T1526 T1538 T1580 T1614 T1619 T1654 T1680" },
	{ TACTIC_LATERAL_MOVEMENT,
	  "T1021 T1021.007 T1021.008 T1550 T1550.001 T1550.004" },
	{ TACTIC_COLLECTION, "T1074 T1074.002 T1119 T1213 T1213.006 T1530" },
	{ TACTIC_EXFILTRATION, "T1020.001 T1048 T1537" },
	{ TACTIC_IMPACT,
	  "T1485 T1485.001 T1486 T1489 T1490 T1491 T1491.002 T1496 T1496.001 "
	  "T1496.002 T1498 T1498.001 T1498.002 T1499 T1499.002 T1499.003 "
	  "T1499.004 T1531" },
};

static bool in_matrix(enum attack_tactic tactic, const char *id)
{
	for (size_t i = 0; i < ARRAY_SIZE(matrix); i++) {
		struct str rest = str_of(matrix[i].ids), one;

		while (matrix[i].tactic == tactic && str_next(&rest, ' ', &one))
			if (str_eq(one, str_of(id)))
				return true;
	}
	return false;
}

static void the_matrix_is_there(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(matrix); i++) {
		struct str rest = str_of(matrix[i].ids), one;

		while (str_next(&rest, ' ', &one)) {
			struct technique_id id;

			assert_true(attack_technique_id(one, &id));
			assert_str_eq(str_of(id.text), one);
			check(attack_technique_title(&id)[0] != '\0',
			      "no title for %s", id.text);
			check(attack_technique_tactics(&id) &
				      TACTIC_BIT(matrix[i].tactic),
			      "%s serves %s", id.text,
			      attack_tactic_name(matrix[i].tactic));
		}
	}
}

/* Of another platform, but what federation attacks do in AWS. */
static void trust_modification(void **state)
{
	struct technique_id id = id_of("T1484.002");

	(void)state;
	assert_int_equal(attack_technique_tactics(&id),
			 TACTIC_BIT(TACTIC_DEFENSE_IMPAIRMENT) |
				 TACTIC_BIT(TACTIC_PRIVILEGE_ESCALATION));
}

static void the_table_is_in_order(void **state)
{
	const char *before = "";

	(void)state;
	for (size_t i = 0; attack_technique_at(i); i++) {
		const char *text = attack_technique_at(i);
		struct technique_id id = id_of(text);
		bool listed = false;

		/* Ids of v19, each once; none is an alias of another. */
		assert_string_equal(id.text, text);
		assert_true(strcmp(before, text) < 0);
		before = text;
		assert_true(strlen(attack_technique_title(&id)) > 2);
		assert_int_not_equal(attack_technique_tactics(&id), 0);
		for (unsigned t = 0; t < TACTIC_COUNT; t++)
			listed |= in_matrix((enum attack_tactic)t, text);
		/* Where the matrix has it, it says the same tactics. */
		for (unsigned t = 0; listed && t < TACTIC_COUNT; t++)
			check(!!(attack_technique_tactics(&id) &
				 TACTIC_BIT(t)) ==
				      in_matrix((enum attack_tactic)t, text),
			      "%s and %s", text,
			      attack_tactic_name((enum attack_tactic)t));
	}
	assert_null(attack_technique_at(100000));
}

static void unknown_techniques(void **state)
{
	struct technique_id id = id_of("T4242.042");

	(void)state;
	assert_string_equal(attack_technique_title(&id), "");
	assert_int_equal(attack_technique_tactics(&id), 0);
	assert_null(attack_technique_was(&id));
}

/* The versions ------------------------------------------------------------- */

/* MITRE's v18.1 beside its v19. */
static void tactics_of_the_version_before(void **state)
{
	tactic_set split = TACTIC_BIT(TACTIC_STEALTH) |
			   TACTIC_BIT(TACTIC_DEFENSE_IMPAIRMENT);

	(void)state;
	for (unsigned i = 0; i < TACTIC_COUNT; i++) {
		enum attack_tactic t = (enum attack_tactic)i;
		struct attack_tactic_form was = attack_tactic_as(ATTACK_V18, t);
		struct attack_tactic_form is = attack_tactic_as(ATTACK_V19, t);

		assert_int_equal(is.covers, TACTIC_BIT(t));
		assert_string_equal(is.name, attack_tactic_name(t));
		assert_string_equal(is.title, attack_tactic_title(t));
		assert_string_equal(is.abbreviation, attack_tactic_short(t));
		/* What a version shows can be typed. */
		assert_int_equal(attack_tactics_named(str_of(was.name)),
				 was.covers);
		assert_int_equal(attack_tactics_named(str_of(was.title)),
				 was.covers);
		assert_int_equal(attack_tactics_named(str_of(was.abbreviation)),
				 was.covers);
		if (split & TACTIC_BIT(t)) {
			assert_int_equal(was.covers, split);
			assert_string_equal(was.title, "Defense Evasion");
		} else {
			assert_int_equal(was.covers, is.covers);
			assert_string_equal(was.title, is.title);
		}
	}
}

static void techniques_of_the_version_before(void **state)
{
	tactic_set stealth = TACTIC_BIT(TACTIC_STEALTH);
	static const struct {
		const char *is, *was, *title;
		bool evades; /* Defense Evasion in v18 */
	} cases[] = {
		{ "T1685.002", "T1562.008", "Disable or Modify Cloud Logs",
		  true },
		{ "T1686.001", "T1562.007", "Disable or Modify Cloud Firewall",
		  true },
		{ "T1685", "T1562", "Impair Defenses", true },
		{ "T1686", "T1562.004", "Disable or Modify System Firewall",
		  true },
		{ "T1211", "T1211", "Exploitation for Defense Evasion", true },
		{ "T1578.003", "T1578.003", "Delete Cloud Instance", true },
		{ "T1666", "T1666", "Modify Cloud Resource Hierarchy", true },
		{ "T1535", "T1535", "Unused/Unsupported Cloud Regions", true },
		{ "T1548.005", "T1548.005", "Temporary Elevated Cloud Access",
		  true },
		{ "T1550.001", "T1550.001", "Application Access Token", true },
		{ "T1098.001", "T1098.001", "Additional Cloud Credentials",
		  false },
		{ "T1546", "T1546", "Event Triggered Execution", false },
	};
	tactic_set evasion =
		attack_tactic_as(ATTACK_V18, TACTIC_STEALTH).covers;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct technique_id id = id_of(cases[i].is);
		struct attack_technique_form was =
			attack_technique_as(ATTACK_V18, &id);
		struct attack_technique_form is =
			attack_technique_as(ATTACK_V19, &id);

		check(strcmp(was.id, cases[i].was) == 0, "%s", cases[i].is);
		check(strcmp(was.title, cases[i].title) == 0, "%s",
		      cases[i].is);
		check(!!(was.tactics & evasion) == cases[i].evades, "%s",
		      cases[i].is);
		assert_string_equal(is.id, cases[i].is);
		assert_string_equal(is.title, attack_technique_title(&id));
		assert_int_equal(is.tactics, attack_technique_tactics(&id));
	}
	/* v19 took these out of stealth. */
	assert_int_equal(attack_technique_tactics(
				 &(struct technique_id){ "T1550.001" }) &
				 stealth,
			 0);
}

static void versions_have_names(void **state)
{
	enum attack_version v = ATTACK_V19;

	(void)state;
	assert_true(attack_version_parse(STR("v18"), &v));
	assert_int_equal(v, ATTACK_V18);
	assert_false(attack_version_parse(STR("v17"), &v));
	assert_int_equal(v, ATTACK_V18);
	assert_true(attack_version_parse(STR("V19"), &v));
	assert_int_equal(v, ATTACK_V19);
	assert_string_equal(attack_version_name(v), "v19");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tactics_have_their_names),
		cmocka_unit_test(each_name_names_its_tactic),
		cmocka_unit_test(the_tactic_that_was_split),
		cmocka_unit_test(what_names_no_tactic),
		cmocka_unit_test(numbers_are_normalised),
		cmocka_unit_test(within),
		cmocka_unit_test(the_matrix_is_there),
		cmocka_unit_test(trust_modification),
		cmocka_unit_test(the_table_is_in_order),
		cmocka_unit_test(unknown_techniques),
		cmocka_unit_test(tactics_of_the_version_before),
		cmocka_unit_test(techniques_of_the_version_before),
		cmocka_unit_test(versions_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
