/* SPDX-License-Identifier: MIT */
#include "base/mmdb.h"

#ifdef HAVE_MAXMINDDB

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <maxminddb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/attr.h"
#include "base/file.h"
#include "base/mem.h"

enum { COPY_STEP = 1 << 20, LONGEST_TEXT = 256, MOST_RADIUS = 20000 };
#define LARGEST ((uint64_t)2 << 30)

struct mmdb {
	MMDB_s db;
	int fd; /* the copy */
};

/* All of a file into another one. */
static enum err_code copy(int to, const char *path, struct err *err)
{
	int from = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	char *buf = mem_alloc(COPY_STEP);
	enum err_code rc = ERR_OK;
	uint64_t all = 0;
	ssize_t n = 0;

	if (from < 0)
		rc = err_set(err, ERR_IO, "%s: %s", path, strerror(errno));
	while (rc == ERR_OK && (n = read(from, buf, COPY_STEP)) > 0) {
		all += (uint64_t)n;
		if (all > LARGEST)
			rc = err_set(err, ERR_LIMIT,
				     "%s: a database of more than 2 GB", path);
		else if (write(to, buf, (size_t)n) != n)
			rc = err_set(err, ERR_IO, "%s: cannot be copied: %s",
				     path, strerror(errno));
	}
	if (rc == ERR_OK && n < 0)
		rc = err_set(err, ERR_IO, "%s: %s", path, strerror(errno));
	if (from >= 0)
		close(from);
	free(buf);
	return rc;
}

enum err_code mmdb_open(struct mmdb **out, const char *path, struct err *err)
{
	struct mmdb *m;
	enum err_code rc;
	char name[64];
	int fd = file_nameless(err), status;

	if (fd < 0)
		return err->code;
	rc = copy(fd, path, err);
	if (rc) {
		close(fd);
		return rc;
	}
	m = mem_zero(1, sizeof(*m));
	m->fd = fd;
	snprintf(name, sizeof(name), "/dev/fd/%d", fd);
	status = MMDB_open(name, MMDB_MODE_MMAP, &m->db);
	if (status != MMDB_SUCCESS) {
		close(fd);
		free(m);
		return err_set(err, ERR_FORMAT,
			       "%s: no database in MaxMind's format: %s", path,
			       MMDB_strerror(status));
	}
	*out = m;
	return ERR_OK;
}

void mmdb_close(struct mmdb *m)
{
	if (!m)
		return;
	MMDB_close(&m->db);
	close(m->fd);
	free(m);
}

struct hash128 mmdb_digest(const struct mmdb *m)
{
	return hash_content((struct str){ (const char *)m->db.file_content,
					  (size_t)m->db.file_size });
}

/* A value at a path whose parts are set apart by dots. */
static bool value_at(MMDB_entry_s *entry, const char *path,
		     MMDB_entry_data_s *value)
{
	enum { PARTS = 4 };
	char part[PARTS][32];
	const char *list[PARTS + 1] = { NULL };
	struct str rest = str_of(path), name;

	for (size_t i = 0; i < PARTS && str_next(&rest, '.', &name); i++) {
		snprintf(part[i], sizeof(part[i]), "%.*s", STR_ARG(name));
		list[i] = part[i];
	}
	return MMDB_aget_value(entry, value, list) == MMDB_SUCCESS &&
	       value->has_data;
}

/* The first path that holds a text. */
static struct str text_at(MMDB_entry_s *entry, const char *const *path,
			  size_t n)
{
	MMDB_entry_data_s v;

	for (size_t i = 0; i < n; i++)
		if (value_at(entry, path[i], &v) &&
		    v.type == MMDB_DATA_TYPE_UTF8_STRING && v.data_size)
			return str_sub((struct str){ v.utf8_string,
						     v.data_size },
				       0, LONGEST_TEXT);
	return STR_NULL;
}

static bool number_at(MMDB_entry_s *entry, const char *path, double *out)
{
	MMDB_entry_data_s v;

	if (!value_at(entry, path, &v))
		return false;
	switch (v.type) {
	case MMDB_DATA_TYPE_DOUBLE:
		*out = v.double_value;
		break;
	case MMDB_DATA_TYPE_FLOAT:
		*out = (double)v.float_value;
		break;
	case MMDB_DATA_TYPE_UINT16:
		*out = v.uint16;
		break;
	case MMDB_DATA_TYPE_UINT32:
		*out = v.uint32;
		break;
	case MMDB_DATA_TYPE_INT32:
		*out = v.int32;
		break;
	case MMDB_DATA_TYPE_UTF8_STRING: /* as IPinfo writes coordinates */
		return str_to_double((struct str){ v.utf8_string, v.data_size },
				     out) &&
		       isfinite(*out);
	default:
		return false;
	}
	return isfinite(*out);
}

static void take_place(MMDB_entry_s *entry, struct mmdb_found *f)
{
	static const char *const paths[][2] = {
		{ "location.latitude", "location.longitude" },
		{ "lat", "lng" },
		{ "latitude", "longitude" },
	};
	double lat, lon, radius;

	for (size_t i = 0; i < ARRAY_SIZE(paths) && !f->located; i++) {
		if (!number_at(entry, paths[i][0], &lat) ||
		    !number_at(entry, paths[i][1], &lon) || fabs(lat) > 90 ||
		    fabs(lon) > 180)
			continue;
		f->located = true;
		f->latitude = lat;
		f->longitude = lon;
		f->radius_km = 0;
		if (number_at(entry, "location.accuracy_radius", &radius) &&
		    radius > 0)
			f->radius_km = radius < MOST_RADIUS ? (unsigned)radius :
							      MOST_RADIUS;
	}
}

/* "AS15169" or a number. */
static void take_asn(MMDB_entry_s *entry, struct mmdb_found *f)
{
	static const char *const texts[] = { "asn" };
	struct str text = text_at(entry, texts, ARRAY_SIZE(texts));
	uint64_t n = 0;
	double v;

	if (number_at(entry, "autonomous_system_number", &v) && v > 0 &&
	    v <= UINT32_MAX)
		f->asn = (uint32_t)v;
	else if (str_starts_fold(text, STR("AS")) &&
		 str_to_u64(str_from(text, 2), &n) && n <= UINT32_MAX)
		f->asn = (uint32_t)n;
}

static void take_entry(MMDB_entry_s *entry, struct mmdb_found *f)
{
	static const char *const countries[] = { "country.iso_code",
						 "country_code", "country" };
	static const char *const cities[] = { "city.names.en", "city" };
	static const char *const names[] = { "autonomous_system_organization",
					     "as_name", "name" };

	if (!f->country.n)
		f->country = text_at(entry, countries, ARRAY_SIZE(countries));
	if (!f->city.n)
		f->city = text_at(entry, cities, ARRAY_SIZE(cities));
	if (!f->asn) {
		take_asn(entry, f);
		if (f->asn && !f->organization.n)
			f->organization = text_at(entry, names,
						  ARRAY_SIZE(names));
	}
	take_place(entry, f);
}

void mmdb_find(const struct mmdb *m, const unsigned char address[16],
	       struct mmdb_found *found)
{
	static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };
	struct sockaddr_in6 six = { .sin6_family = AF_INET6 };
	struct sockaddr_in four = { .sin_family = AF_INET };
	const struct sockaddr *sa = (const struct sockaddr *)&six;
	MMDB_lookup_result_s result;
	int error = MMDB_SUCCESS;

	memcpy(&six.sin6_addr, address, 16);
	if (memcmp(address, mapped, sizeof(mapped)) == 0) {
		memcpy(&four.sin_addr, address + sizeof(mapped), 4);
		sa = (const struct sockaddr *)&four;
	}
	result = MMDB_lookup_sockaddr(&m->db, sa, &error);
	if (error == MMDB_SUCCESS && result.found_entry)
		take_entry(&result.entry, found);
}

#else /* no libmaxminddb */

enum err_code mmdb_open(struct mmdb **out, const char *path, struct err *err)
{
	*out = NULL;
	return err_set(err, ERR_USAGE,
		       "%s: this trawl was built without libmaxminddb", path);
}

void mmdb_close(struct mmdb *m)
{
	(void)m;
}

struct hash128 mmdb_digest(const struct mmdb *m)
{
	(void)m;
	return (struct hash128){ 0, 0 };
}

void mmdb_find(const struct mmdb *m, const unsigned char address[16],
	       struct mmdb_found *found)
{
	(void)m;
	(void)address;
	(void)found;
}

#endif
