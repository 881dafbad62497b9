/* SPDX-License-Identifier: MIT */
/* What is said in the case: put to the rows, written, taken back. */
#include <stdlib.h>

#include "base/mem.h"
#include "ui/desk_private.h"

void desk_put_said(struct desk *d)
{
	struct snapshot *before = d->snap;

	if (!d->case_file)
		return;
	case_rows_put(&d->said, &d->book, before, investigation_rules(d->inv));
	d->snap = snapshot_said(before, d->said.said, d->said.judged);
	snapshot_release(before);
}

/* What was said in between changes no row, unless the filter asks for it. */
static void said_changed(struct desk *d)
{
	if (!d->snap)
		return;
	if (d->run || (d->plan && plan_asks_case(d->plan))) {
		struct snapshot *before = snapshot_hold(d->snap);

		desk_put_said(d);
		desk_search_again(d);
		snapshot_release(before);
		return;
	}
	desk_put_said(d);
	if (desk_put_evidence(d))
		d->rows_version++;
	d->version++;
}

enum err_code desk_written(struct desk *d, enum err_code rc,
			   const struct err *err)
{
	strbuf_clear(&d->trouble);
	if (rc)
		strbuf_addf(&d->trouble, "NOT WRITTEN: %s", err->msg);
	return rc;
}

enum err_code desk_has_case(const struct desk *d, struct err *err)
{
	if (!d->case_file)
		return err_set(err, ERR_CASE,
			       "there is no case to keep it in; --case names "
			       "one");
	if (case_refusal(d->case_file))
		return err_set(err, ERR_CASE, "%s: %s", case_path(d->case_file),
			       case_refusal(d->case_file));
	return ERR_OK;
}

enum err_code desk_write_said(struct desk *d, const struct case_sayings *say,
			      struct err *err)
{
	enum err_code rc = desk_has_case(d, err);

	if (rc)
		return rc;
	rc = desk_written(d, case_say(d->case_file, say, err), err);
	if (rc == ERR_OK && case_book_update(&d->book, d->case_file))
		said_changed(d);
	return rc;
}

enum err_code desk_tick(struct desk *d, const struct case_item *step,
			struct err *err)
{
	struct case_sayings say;
	enum err_code rc = desk_has_case(d, err);

	if (rc)
		return rc;
	case_sayings_init(&say);
	case_sayings_add(&say, step, false);
	rc = desk_written(d, case_say(d->case_file, &say, err), err);
	case_sayings_release(&say);
	if (rc == ERR_OK)
		case_book_update(&d->book, d->case_file);
	return rc;
}

static struct case_sayings *on_the_heap(struct case_sayings *s)
{
	struct case_sayings *own = mem_dup(s, sizeof(*s));

	*s = (struct case_sayings){ .n = 0 };
	return own;
}

enum err_code desk_say(struct desk *d, struct case_sayings *say,
		       struct case_sayings *undo, struct err *err)
{
	enum err_code rc = say->n ? desk_write_said(d, say, err) : ERR_OK;

	if (rc || !say->n) {
		case_sayings_release(say);
		case_sayings_release(undo);
		return rc;
	}
	changes_push_said(&d->done, on_the_heap(say), on_the_heap(undo));
	changes_clear(&d->undone);
	return ERR_OK;
}

struct alert_state desk_alert_state(const struct desk *d, const struct alert *a)
{
	return case_rows_alert(&d->said, a);
}
