/* SPDX-License-Identifier: MIT */
/* What a filter asks for, as far as coverage can say anything about it. */
#include "casework/coverage.h"

/* Calls that only data events tell of. */
static const struct {
	const char *name, *source;
} data_calls[] = {
	{ "GetObject", "s3.amazonaws.com" },
	{ "HeadObject", "s3.amazonaws.com" },
	{ "PutObject", "s3.amazonaws.com" },
	{ "CopyObject", "s3.amazonaws.com" },
	{ "DeleteObject", "s3.amazonaws.com" },
	{ "DeleteObjects", "s3.amazonaws.com" },
	{ "ListObjects", "s3.amazonaws.com" },
	{ "ListObjectsV2", "s3.amazonaws.com" },
	{ "Invoke", "lambda.amazonaws.com" },
	{ "GetItem", "dynamodb.amazonaws.com" },
	{ "PutItem", "dynamodb.amazonaws.com" },
	{ "BatchGetItem", "dynamodb.amazonaws.com" },
	{ "Query", "dynamodb.amazonaws.com" },
	{ "Scan", "dynamodb.amazonaws.com" },
	{ "Publish", "sns.amazonaws.com" },
	{ "SendMessage", "sqs.amazonaws.com" },
	{ "ReceiveMessage", "sqs.amazonaws.com" },
	{ "GetCredentialsForIdentity", "cognito-identity.amazonaws.com" },
	{ "GetSnapshotBlock", "ebs.amazonaws.com" },
};

static void ask_name(struct coverage_question *q, struct str name)
{
	for (size_t i = 0; i < ARRAY_SIZE(data_calls); i++) {
		if (!str_eq_fold(name, str_of(data_calls[i].name)))
			continue;
		q->data = true;
		q->source = str_of(data_calls[i].source);
	}
}

static void ask_column(struct coverage_question *q, enum event_column column,
		       struct str value)
{
	if (column == EVENT_ACCOUNT)
		q->account = value;
	else if (column == EVENT_REGION)
		q->region = value;
	else if (column == EVENT_NAME)
		ask_name(q, value);
}

static void ask_kind(struct coverage_question *q, struct str value)
{
	for (int k = 0; k < EVENT_KIND_COUNT; k++)
		if (str_eq_fold(value,
				str_of(event_kind_name((enum event_kind)k))))
			q->kind = (enum event_kind)k;
}

static void ask_time(struct coverage_question *q, enum test_op op,
		     struct str value)
{
	int64_t t = time_parse(value, NULL);

	if (t == TIME_NONE)
		return;
	if ((op == TEST_GE || op == TEST_GT) &&
	    (q->since == TIME_NONE || t > q->since))
		q->since = t;
	if ((op == TEST_LT || op == TEST_LE) &&
	    (q->until == TIME_NONE || t < q->until))
		q->until = op == TEST_LE ? t + 1 : t;
}

static void ask_test(struct coverage_question *q, const struct expr_test *t)
{
	struct str value = t->value_n == 1 ? t->value[0] : STR_NULL;

	if (!value.n)
		return;
	if (t->field.kind == FIELD_TIME) {
		ask_time(q, t->op, value);
		return;
	}
	/* Of patterns nothing can be said. */
	for (size_t i = 0; i < value.n; i++)
		if (value.p[i] == '*' || value.p[i] == '?' ||
		    value.p[i] == '\\')
			return;
	if (t->op != TEST_EQUALS)
		return;
	if (t->field.kind == FIELD_COLUMN || t->field.kind == FIELD_ACCOUNT)
		ask_column(q, t->field.column, value);
	else if (t->field.kind == FIELD_KIND)
		ask_kind(q, value);
}

void coverage_ask(struct coverage_question *q, const struct expr *filter)
{
	if (filter->kind == EXPR_TEST)
		ask_test(q, &filter->test);
	for (size_t i = 0; filter->kind == EXPR_AND && i < filter->member_n;
	     i++)
		coverage_ask(q, filter->member[i]);
}
