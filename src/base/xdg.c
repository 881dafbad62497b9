/* SPDX-License-Identifier: MIT */
#include "base/xdg.h"

#include <stdlib.h>

bool xdg_path(struct strbuf *out, enum xdg_home home, const char *name)
{
	static const struct {
		const char *variable, *below_home;
	} homes[] = {
		[XDG_CACHE] = { "XDG_CACHE_HOME", ".cache" },
		[XDG_CONFIG] = { "XDG_CONFIG_HOME", ".config" },
		[XDG_DATA] = { "XDG_DATA_HOME", ".local/share" },
		[XDG_STATE] = { "XDG_STATE_HOME", ".local/state" },
	};
	const char *own = getenv(homes[home].variable), *user = getenv("HOME");

	if (own && own[0] == '/')
		strbuf_adds(out, own);
	else if (user && user[0] == '/')
		strbuf_addf(out, "%s/%s", user, homes[home].below_home);
	else
		return false;
	strbuf_adds(out, "/trawl");
	if (*name)
		strbuf_addf(out, "/%s", name);
	return true;
}
