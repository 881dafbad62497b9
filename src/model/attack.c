/* SPDX-License-Identifier: MIT */
#include "model/attack.h"

#include <stdio.h>

#include "base/attr.h"

#define IA TACTIC_BIT(TACTIC_INITIAL_ACCESS)
#define EX TACTIC_BIT(TACTIC_EXECUTION)
#define PE TACTIC_BIT(TACTIC_PERSISTENCE)
#define PR TACTIC_BIT(TACTIC_PRIVILEGE_ESCALATION)
#define ST TACTIC_BIT(TACTIC_STEALTH)
#define DI TACTIC_BIT(TACTIC_DEFENSE_IMPAIRMENT)
#define CA TACTIC_BIT(TACTIC_CREDENTIAL_ACCESS)
#define DS TACTIC_BIT(TACTIC_DISCOVERY)
#define LM TACTIC_BIT(TACTIC_LATERAL_MOVEMENT)
#define CO TACTIC_BIT(TACTIC_COLLECTION)
#define XF TACTIC_BIT(TACTIC_EXFILTRATION)
#define IM TACTIC_BIT(TACTIC_IMPACT)
#define RE TACTIC_BIT(TACTIC_RECONNAISSANCE)
#define CC TACTIC_BIT(TACTIC_COMMAND_AND_CONTROL)

struct technique {
	char id[12];
	const char *title;
	tactic_set tactics;
};

/* In order of the ids. */
static const struct technique techniques[] = {
	{ "T1020.001", "Traffic Duplication", XF },
	{ "T1021", "Remote Services", LM },
	{ "T1021.004", "SSH", LM },
	{ "T1021.007", "Cloud Services", LM },
	{ "T1021.008", "Direct Cloud VM Connections", LM },
	{ "T1036", "Masquerading", ST },
	{ "T1036.010", "Masquerade Account Name", ST },
	{ "T1040", "Network Sniffing", CA | DS },
	{ "T1046", "Network Service Discovery", DS },
	{ "T1048", "Exfiltration Over Alternative Protocol", XF },
	{ "T1049", "System Network Connections Discovery", DS },
	{ "T1059", "Command and Scripting Interpreter", EX },
	{ "T1059.009", "Cloud API", EX },
	{ "T1069", "Permission Groups Discovery", DS },
	{ "T1069.003", "Cloud Groups", DS },
	{ "T1071", "Application Layer Protocol", CC },
	{ "T1074", "Data Staged", CO },
	{ "T1074.002", "Remote Data Staging", CO },
	{ "T1078", "Valid Accounts", IA | PE | PR | ST },
	{ "T1078.001", "Default Accounts", IA | PE | PR | ST },
	{ "T1078.004", "Cloud Accounts", IA | PE | PR | ST },
	{ "T1082", "System Information Discovery", DS },
	{ "T1087", "Account Discovery", DS },
	{ "T1087.004", "Cloud Account", DS },
	{ "T1098", "Account Manipulation", PE | PR },
	{ "T1098.001", "Additional Cloud Credentials", PE | PR },
	{ "T1098.003", "Additional Cloud Roles", PE | PR },
	{ "T1098.004", "SSH Authorized Keys", PE | PR },
	{ "T1110", "Brute Force", CA },
	{ "T1110.001", "Password Guessing", CA },
	{ "T1110.003", "Password Spraying", CA },
	{ "T1110.004", "Credential Stuffing", CA },
	{ "T1119", "Automated Collection", CO },
	{ "T1136", "Create Account", PE },
	{ "T1136.003", "Cloud Account", PE },
	{ "T1190", "Exploit Public-Facing Application", IA },
	{ "T1199", "Trusted Relationship", IA },
	{ "T1201", "Password Policy Discovery", DS },
	{ "T1204", "User Execution", EX },
	{ "T1204.003", "Malicious Image", EX },
	{ "T1211", "Exploitation for Stealth", ST },
	{ "T1213", "Data from Information Repositories", CO },
	{ "T1213.006", "Databases", CO },
	{ "T1484.002", "Trust Modification", PR | DI },
	{ "T1485", "Data Destruction", IM },
	{ "T1485.001", "Lifecycle-Triggered Deletion", IM },
	{ "T1486", "Data Encrypted for Impact", IM },
	{ "T1489", "Service Stop", IM },
	{ "T1490", "Inhibit System Recovery", IM },
	{ "T1491", "Defacement", IM },
	{ "T1491.002", "External Defacement", IM },
	{ "T1496", "Resource Hijacking", IM },
	{ "T1496.001", "Compute Hijacking", IM },
	{ "T1496.002", "Bandwidth Hijacking", IM },
	{ "T1496.004", "Cloud Service Hijacking", IM },
	{ "T1498", "Network Denial of Service", IM },
	{ "T1498.001", "Direct Network Flood", IM },
	{ "T1498.002", "Reflection Amplification", IM },
	{ "T1499", "Endpoint Denial of Service", IM },
	{ "T1499.002", "Service Exhaustion Flood", IM },
	{ "T1499.003", "Application Exhaustion Flood", IM },
	{ "T1499.004", "Application or System Exploitation", IM },
	{ "T1518", "Software Discovery", DS },
	{ "T1518.001", "Security Software Discovery", DS },
	{ "T1525", "Implant Internal Image", PE },
	{ "T1526", "Cloud Service Discovery", DS },
	{ "T1528", "Steal Application Access Token", CA },
	{ "T1530", "Data from Cloud Storage", CO },
	{ "T1531", "Account Access Removal", IM },
	{ "T1535", "Unused/Unsupported Cloud Regions", ST },
	{ "T1537", "Transfer Data to Cloud Account", XF },
	{ "T1538", "Cloud Service Dashboard", DS },
	{ "T1546", "Event Triggered Execution", PE | PR },
	{ "T1548", "Abuse Elevation Control Mechanism", PR },
	{ "T1548.005", "Temporary Elevated Cloud Access", PR },
	{ "T1550", "Use Alternate Authentication Material", LM },
	{ "T1550.001", "Application Access Token", LM },
	{ "T1550.004", "Web Session Cookie", LM },
	{ "T1552", "Unsecured Credentials", CA },
	{ "T1552.001", "Credentials In Files", CA },
	{ "T1552.005", "Cloud Instance Metadata API", CA },
	{ "T1555", "Credentials from Password Stores", CA },
	{ "T1555.006", "Cloud Secrets Management Stores", CA },
	{ "T1556", "Modify Authentication Process", PE | CA | DI },
	{ "T1556.006", "Multi-Factor Authentication", PE | CA | DI },
	{ "T1556.007", "Hybrid Identity", PE | CA | DI },
	{ "T1556.009", "Conditional Access Policies", PE | CA | DI },
	{ "T1571", "Non-Standard Port", CC },
	{ "T1578", "Modify Cloud Compute Infrastructure", DI },
	{ "T1578.001", "Create Snapshot", DI },
	{ "T1578.002", "Create Cloud Instance", DI },
	{ "T1578.003", "Delete Cloud Instance", DI },
	{ "T1578.004", "Revert Cloud Instance", DI },
	{ "T1578.005", "Modify Cloud Compute Configurations", DI },
	{ "T1580", "Cloud Infrastructure Discovery", DS },
	{ "T1595", "Active Scanning", RE },
	{ "T1595.002", "Vulnerability Scanning", RE },
	{ "T1606", "Forge Web Credentials", CA },
	{ "T1606.001", "Web Cookies", CA },
	{ "T1606.002", "SAML Tokens", CA },
	{ "T1614", "System Location Discovery", DS },
	{ "T1619", "Cloud Storage Object Discovery", DS },
	{ "T1621", "Multi-Factor Authentication Request Generation", CA },
	{ "T1648", "Serverless Execution", EX },
	{ "T1651", "Cloud Administration Command", EX },
	{ "T1654", "Log Enumeration", DS },
	{ "T1666", "Modify Cloud Resource Hierarchy", DI },
	{ "T1680", "Local Storage Discovery", DS },
	{ "T1685", "Disable or Modify Tools", DI },
	{ "T1685.002", "Disable or Modify Cloud Log", DI },
	{ "T1686", "Disable or Modify System Firewall", DI },
	{ "T1686.001", "Cloud Firewall", DI },
};

/* v18 and what it became; several old ids may share a successor, and the first
 * of these is the one that it is shown as. */
static const struct {
	char was[12];
	char is[12];
	const char *title; /* in v18 */
} renamed[] = {
	{ "T1562.008", "T1685.002", "Disable or Modify Cloud Logs" },
	{ "T1562.007", "T1686.001", "Disable or Modify Cloud Firewall" },
	{ "T1562", "T1685", "Impair Defenses" },
	{ "T1562.001", "T1685", "Disable or Modify Tools" },
	{ "T1562.002", "T1685.001", "Disable Windows Event Logging" },
	{ "T1562.004", "T1686", "Disable or Modify System Firewall" },
	{ "T1562.006", "T1685", "Indicator Blocking" },
	{ "T1562.010", "T1689", "Downgrade Attack" },
	{ "T1562.012", "T1685.004", "Disable or Modify Linux Audit System" },
	{ "T1070.001", "T1685.005", "Clear Windows Event Logs" },
	{ "T1070.002", "T1685.006", "Clear Linux or Mac System Logs" },
};

/* What v18 had under Defense Evasion, too, and v19 has under none of its
 * successors. */
static const char evading[][12] = { "T1548", "T1548.005", "T1550", "T1550.001",
				    "T1550.004" };

static const struct {
	const char *id, *name, *title, *abbreviation;
} tactics[] = {
#define X(code, id, name, title, abbreviation) \
	{ id, name, title, abbreviation },
	ATTACK_TACTICS(X)
#undef X
};

const char *attack_tactic_name(enum attack_tactic t)
{
	return tactics[t].name;
}

const char *attack_tactic_title(enum attack_tactic t)
{
	return tactics[t].title;
}

const char *attack_tactic_short(enum attack_tactic t)
{
	return tactics[t].abbreviation;
}

const char *attack_version_name(enum attack_version v)
{
	return v == ATTACK_V18 ? "v18" : ATTACK_VERSION;
}

bool attack_version_parse(struct str text, enum attack_version *out)
{
	for (int v = ATTACK_V19; v <= ATTACK_V18; v++)
		if (str_eq_fold(text, str_of(attack_version_name(
					      (enum attack_version)v)))) {
			*out = (enum attack_version)v;
			return true;
		}
	return false;
}

static const struct attack_tactic_form evasion = { ST | DI, "defense-evasion",
						   "Defense Evasion", "Evas" };

struct attack_tactic_form attack_tactic_as(enum attack_version v,
					   enum attack_tactic t)
{
	if (v == ATTACK_V18 && (evasion.covers & TACTIC_BIT(t)))
		return evasion;
	return (struct attack_tactic_form){ TACTIC_BIT(t), tactics[t].name,
					    tactics[t].title,
					    tactics[t].abbreviation };
}

/* Names equal but for case and for what joins the words. */
static bool same_name(struct str a, struct str b)
{
	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++) {
		char x = str_lower(a.p[i]), y = str_lower(b.p[i]);

		if (x == '_' || x == ' ')
			x = '-';
		if (y == '_' || y == ' ')
			y = '-';
		if (x != y)
			return false;
	}
	return true;
}

tactic_set attack_tactics_named(struct str text)
{
	if (same_name(text, str_of(evasion.name)) ||
	    same_name(text, STR("defence-evasion")) ||
	    same_name(text, str_of(evasion.abbreviation)))
		return evasion.covers;
	for (size_t i = 0; i < ARRAY_SIZE(tactics); i++)
		if (same_name(text, str_of(tactics[i].name)) ||
		    same_name(text, str_of(tactics[i].id)) ||
		    same_name(text, str_of(tactics[i].abbreviation)))
			return TACTIC_BIT(i);
	return 0;
}

bool attack_technique_id(struct str text, struct technique_id *out)
{
	struct str sub = str_from(text, 6);

	if (text.n < 5 || (text.p[0] != 'T' && text.p[0] != 't') ||
	    !str_all_digits(str_sub(text, 1, 5)))
		return false;
	if (text.n > 5 &&
	    (text.p[5] != '.' || sub.n != 3 || !str_all_digits(sub)))
		return false;
	snprintf(out->text, sizeof(out->text), "T%.*s",
		 STR_ARG(str_from(text, 1)));
	for (size_t i = 0; i < ARRAY_SIZE(renamed); i++)
		if (strcmp(out->text, renamed[i].was) == 0) {
			memcpy(out->text, renamed[i].is, sizeof(out->text));
			break;
		}
	return true;
}

/* Its place among the renamed, or their number. */
static size_t renamed_at(const struct technique_id *id)
{
	size_t i = 0;

	while (i < ARRAY_SIZE(renamed) && strcmp(id->text, renamed[i].is) != 0)
		i++;
	return i;
}

const char *attack_technique_was(const struct technique_id *id)
{
	size_t i = renamed_at(id);

	return i < ARRAY_SIZE(renamed) ? renamed[i].was : NULL;
}

static const struct technique *find(const struct technique_id *id)
{
	for (size_t i = 0; i < ARRAY_SIZE(techniques); i++)
		if (strcmp(techniques[i].id, id->text) == 0)
			return &techniques[i];
	return NULL;
}

const char *attack_technique_title(const struct technique_id *id)
{
	const struct technique *t = find(id);

	return t ? t->title : "";
}

tactic_set attack_technique_tactics(const struct technique_id *id)
{
	const struct technique *t = find(id);

	return t ? t->tactics : 0;
}

struct attack_technique_form attack_technique_as(enum attack_version v,
						 const struct technique_id *id)
{
	const struct technique *t = find(id);
	struct attack_technique_form out = { id->text, t ? t->title : "",
					     t ? t->tactics : 0 };
	size_t was = renamed_at(id);

	if (v != ATTACK_V18)
		return out;
	if (was < ARRAY_SIZE(renamed)) {
		out.id = renamed[was].was;
		out.title = renamed[was].title;
	} else if (strcmp(id->text, "T1211") == 0) {
		out.title = "Exploitation for Defense Evasion";
	}
	for (size_t i = 0; i < ARRAY_SIZE(evading); i++)
		if (strcmp(id->text, evading[i]) == 0)
			out.tactics |= evasion.covers;
	return out;
}

bool attack_technique_within(const struct technique_id *have,
			     const struct technique_id *wanted)
{
	size_t n = strlen(wanted->text);

	return strncmp(have->text, wanted->text, n) == 0 &&
	       (have->text[n] == '\0' || have->text[n] == '.');
}

const char *attack_technique_at(size_t i)
{
	return i < ARRAY_SIZE(techniques) ? techniques[i].id : NULL;
}
