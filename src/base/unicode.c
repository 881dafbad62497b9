/* SPDX-License-Identifier: MIT */
#include "base/unicode.h"

#include <stdbool.h>
#include <stddef.h>

#ifdef HAVE_UTF8PROC
#include <utf8proc.h>
#endif

#include "base/attr.h"

struct range {
	uint32_t first, last;
};

/*
 * Characters that are drawn as nothing, or that change how others are drawn,
 * beyond what their general category says; and those on whose width terminals
 * and C libraries do not agree, since a wrong one shifts the rest of the row.
 */
static const struct range hidden[] = {
	{ 0x00ad, 0x00ad },   /* soft hyphen */
	{ 0x034f, 0x034f },   /* combining grapheme joiner */
	{ 0x115f, 0x11ff },   /* hangul fillers; medials, finals */
	{ 0x17b4, 0x17b5 },   /* khmer inherent vowels */
	{ 0x180b, 0x180f },   /* mongolian selectors */
	{ 0x200b, 0x200d },   /* zero width space, joiners */
	{ 0x2028, 0x2029 },   /* line and paragraph separators */
	{ 0x2060, 0x2064 },   /* invisible operators */
	{ 0x206a, 0x206f },   /* deprecated format characters */
	{ 0x2800, 0x2800 },   /* braille blank */
	{ 0x3164, 0x3164 },   /* hangul filler */
	{ 0x3248, 0x324f },   /* circled numbers, width 1 or 2 */
	{ 0x4dc0, 0x4dff },   /* hexagrams, width 1 or 2 */
	{ 0xd7b0, 0xd7ff },   /* hangul medials, finals */
	{ 0xfe00, 0xfe0f },   /* variation selectors */
	{ 0xfeff, 0xfeff },   /* byte order mark */
	{ 0xffa0, 0xffa0 },   /* halfwidth hangul filler */
	{ 0xfff9, 0xfffb },   /* interlinear annotation */
	{ 0x1bca0, 0x1bca3 }, /* shorthand format controls */
	{ 0x1d173, 0x1d17a }, /* musical format controls */
	{ 0x1f1e6, 0x1f1ff }, /* regional indicators, flags in pairs */
	{ 0x1f3fb, 0x1f3ff }, /* skin tones, which join the one before */
	{ 0xe0000, 0xe0fff }, /* tags, variation selectors supplement */
};

static bool in_ranges(uint32_t cp)
{
	for (size_t i = 0; i < ARRAY_SIZE(hidden); i++)
		if (cp >= hidden[i].first && cp <= hidden[i].last)
			return true;
	return false;
}

static bool is_bidi_control(uint32_t cp)
{
	return cp == 0x061c || cp == 0x200e || cp == 0x200f ||
	       (cp >= 0x202a && cp <= 0x202e) || (cp >= 0x2066 && cp <= 0x2069);
}

#ifdef HAVE_UTF8PROC
static enum unicode_class by_property(uint32_t cp)
{
	const utf8proc_property_t *prop =
		utf8proc_get_property((utf8proc_int32_t)cp);

	switch (prop->category) {
	case UTF8PROC_CATEGORY_CN:
	case UTF8PROC_CATEGORY_CO:
	case UTF8PROC_CATEGORY_CS:
	case UTF8PROC_CATEGORY_CF:
	case UTF8PROC_CATEGORY_CC:
	case UTF8PROC_CATEGORY_ZL:
	case UTF8PROC_CATEGORY_ZP:
	case UTF8PROC_CATEGORY_ZS: /* spaces that only look like ' ' */
	case UTF8PROC_CATEGORY_MC: /* marks of no column, or of one */
		return UNICODE_HIDDEN;
	case UTF8PROC_CATEGORY_MN:
	case UTF8PROC_CATEGORY_ME:
		return UNICODE_COMBINING;
	default:
		break;
	}
	if (prop->bidi_class == UTF8PROC_BIDI_CLASS_R ||
	    prop->bidi_class == UTF8PROC_BIDI_CLASS_AL)
		return UNICODE_RTL;
	switch (utf8proc_charwidth((utf8proc_int32_t)cp)) {
	case 1:
		return UNICODE_PLAIN;
	case 2:
		return UNICODE_WIDE;
	default:
		return UNICODE_HIDDEN;
	}
}

const char *unicode_source(void)
{
	return utf8proc_unicode_version();
}
#else
static enum unicode_class by_property(uint32_t cp)
{
	(void)cp;
	return UNICODE_HIDDEN;
}

const char *unicode_source(void)
{
	return "ASCII only";
}
#endif

enum unicode_class unicode_class(uint32_t cp)
{
	if (cp < 0x20 || (cp >= 0x7f && cp <= 0x9f))
		return UNICODE_CONTROL;
	if (cp < 0x7f)
		return UNICODE_PLAIN;
	if (is_bidi_control(cp))
		return UNICODE_BIDI;
	if (in_ranges(cp) || cp > 0x10ffff || (cp & 0xfffe) == 0xfffe)
		return UNICODE_HIDDEN;
	return by_property(cp);
}
