/* SPDX-License-Identifier: MIT */
#include "cli/handed_on.h"

enum err_code handed_on_disguise(struct disguise **out, struct output *output,
				 const struct options *o,
				 const struct snapshot *snap,
				 const char *const *evidence, size_t evidence_n,
				 struct err *err)
{
	const struct scan_options scan = { o->threads, &o->limits };
	enum err_code rc;

	*out = NULL;
	if (!o->redact && !o->defang)
		return ERR_OK;
	if (o->format == FORMAT_RECORDS)
		return err_set(err, ERR_USAGE,
			       "--redact and --defang do not go with records, "
			       "which are written as they are");
	rc = disguise_new(out, o->redact, o->defang, snap, evidence, evidence_n,
			  &scan, err);
	if (rc == ERR_OK)
		output->filter = disguise_filter(*out);
	return rc;
}

void handed_on_report(struct output *out, const struct options *o,
		      const struct report *r, const struct report_style *style)
{
	struct report_style whole = *style;
	struct strbuf page;

	whole.filter = out->filter;
	whole.redacted = o->redact;
	whole.defanged = o->defang;
	strbuf_init(&page);
	if (o->format == FORMAT_JSON)
		report_json(r, &whole, &page);
	else
		report_page(r, &whole,
			    o->format == FORMAT_HTML ? DOCUMENT_HTML :
						       DOCUMENT_MARKDOWN,
			    &page);
	output_put(out, strbuf_str(&page));
	strbuf_release(&page);
}
