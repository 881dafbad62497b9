/* SPDX-License-Identifier: MIT */
#include "base/xdg.h"

#include <stdlib.h>

bool xdg_path(struct strbuf *out, enum xdg_home home, const char *name)
{
	static const struct {
		const char *variable, *below_home;
	} homes[] = {
		[XDG_CONFIG] = { "XDG_CONFIG_HOME", ".config" },
		[XDG_STATE] = { "XDG_STATE_HOME", ".local/state" },
	};
	const char *own = getenv(homes[home].variable), *user = getenv("HOME");

	if (own && own[0] == '/')
		strbuf_adds(out, own);
	else if (user && user[0] == '/')
		strbuf_addf(out, "%s/%s", user, homes[home].below_home);
	else
		return false;
	strbuf_addf(out, "/trawl/%s", name);
	return true;
}
