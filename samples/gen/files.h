/* SPDX-License-Identifier: MIT */
/*
 * files.h - folders and files of the output
 */
#ifndef SAMPLEGEN_FILES_H
#define SAMPLEGEN_FILES_H

#include "base/err.h"
#include "base/str.h"

/* The folder and those above it. */
ATTR_NODISCARD enum err_code files_make_folder(const char *path,
					       struct err *err);
ATTR_NODISCARD enum err_code files_write(const char *path, struct str content,
					 struct err *err);
/* ERR_FORMAT when it is not one JSON value, strictly: for what is meant to be
 * sound. */
ATTR_NODISCARD enum err_code files_check_json(struct str text, struct err *err);
/* The whole file; the caller frees content->p. */
ATTR_NODISCARD enum err_code files_read(const char *path, struct str *content,
					struct err *err);

#endif /* SAMPLEGEN_FILES_H */
