/* SPDX-License-Identifier: MIT */
#include "gen/quiet.h"
#include "gen/routine.h"
#include "gen/sets.h"

enum err_code set_quiet(const char *folder, struct err *err)
{
	struct delivery d = { .name = "quiet",
			      .duplicates = 4,
			      .slot = 30 * MINUTE };
	struct scene sc;
	enum err_code rc;

	scene_begin(&sc, "quiet", "2026-10-06", "eu-central-1");
	quiet_machines(&sc, 1);
	quiet_people(&sc, 1);
	sc.date = "2026-10-07";
	quiet_machines(&sc, 2);
	quiet_people(&sc, 2);
	d.folder = scene_format(&sc, "%s/quiet", folder);
	rc = scene_deliver(&sc, &d, err);
	if (rc == ERR_OK)
		rc = scene_write_lists(folder, "quiet", STR_NULL,
				       strbuf_str(&sc.older), err);
	scene_end(&sc);
	return rc;
}
