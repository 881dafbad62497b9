/* SPDX-License-Identifier: MIT */
/*
 * editor.h - a text in the analyst's own editor
 *
 * Layer: ui, no terminal: the caller has given it back.
 */
#ifndef TRAWL_EDITOR_H
#define TRAWL_EDITOR_H

#include "base/err.h"
#include "base/strbuf.h"

/*
 * Puts `text` into a file of its own that nobody else may read, runs $VISUAL,
 * $EDITOR or vi on it, and reads it again: `text` is what was left there.
 * ERR_IO, and `text` as it was, when there is no such editor or it failed.
 * `most` bytes are read.
 */
ATTR_NODISCARD enum err_code editor_run(struct strbuf *text, size_t most,
					struct err *err);

#endif /* TRAWL_EDITOR_H */
