/* SPDX-License-Identifier: MIT */
/*
 * sets.h - the sample sets; each writes itself below a folder
 */
#ifndef SAMPLEGEN_SETS_H
#define SAMPLEGEN_SETS_H

#include <stdint.h>

#include "base/err.h"

ATTR_NODISCARD enum err_code set_secutter(const char *folder, struct err *err);
ATTR_NODISCARD enum err_code set_quiet(const char *folder, struct err *err);
ATTR_NODISCARD enum err_code set_tactics(const char *folder, struct err *err);
ATTR_NODISCARD enum err_code set_hostile(const char *folder, struct err *err);
ATTR_NODISCARD enum err_code set_org(const char *folder, struct err *err);
ATTR_NODISCARD enum err_code set_digests(const char *folder, struct err *err);
ATTR_NODISCARD enum err_code set_forms(const char *folder, struct err *err);
ATTR_NODISCARD enum err_code set_rules(const char *folder, struct err *err);

#endif /* SAMPLEGEN_SETS_H */
