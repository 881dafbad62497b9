/* SPDX-License-Identifier: MIT */
/* Functions: made, given a role, their code and triggers changed, called. */
#include "identity/fact_private.h"

static struct str function_of(struct fact_worker *w)
{
	struct str name = fact_request(w, "functionName");

	if (!name.n)
		name = fact_response(w, "functionArn");
	return fact_function(w, name);
}

static void note(struct fact_worker *w, unsigned how, struct str function)
{
	struct str role = fact_request(w, "role");

	if (!function.n)
		return;
	if (role.n)
		how |= COMPUTE_PASSED;
	fact_begin(w, FACT_COMPUTE, how);
	fact_put(w, SLOT_ARN, function);
	/* The response tells the role that it has in any case. */
	fact_put(w, SLOT_ROLE, fact_first(role, fact_response(w, "role")));
	fact_end(w);
}

static void read_function(struct fact_worker *w, unsigned how)
{
	note(w, how, function_of(w));
}

static void read_layer(struct fact_worker *w, unsigned how)
{
	struct str layer = fact_first(
		fact_response(w, "layerArn"),
		fact_arn(w, "lambda", "layer:", fact_request(w, "layerName")));

	if (!layer.n)
		return;
	fact_begin(w, FACT_COMPUTE, how);
	fact_put(w, SLOT_ARN, layer);
	fact_end(w);
}

/* A mapping may be named by its id; the response has its function. */
static void read_mapping(struct fact_worker *w, unsigned how)
{
	note(w, how,
	     fact_function(w, fact_first(fact_request(w, "functionName"),
					 fact_response(w, "functionArn"))));
}

static void read_delete(struct fact_worker *w, unsigned how)
{
	struct str name = fact_request(w, "functionName");

	/* A version alone goes when the request says which. */
	if (!name.n || fact_request(w, "qualifier").n)
		return;
	fact_begin(w, FACT_END, how);
	fact_put(w, SLOT_ARN, fact_function(w, name));
	fact_end(w);
}

/* A rule that calls functions: whoever sets its targets runs them. */
static void read_targets(struct fact_worker *w, unsigned how)
{
	const struct json *targets = json_at(w->request, "targets");
	unsigned left = 100;

	for (const struct json *v = targets ? targets->child : NULL;
	     v && left--; v = v->next) {
		struct str arn = json_text_at(v, "arn"), role;

		note(w, how, fact_function(w, arn));
		role = json_text_at(v, "roleArn");
		if (!role.n)
			continue;
		fact_begin(w, FACT_COMPUTE, COMPUTE_PASSED);
		fact_put(w, SLOT_ARN,
			 fact_arn(w, "events", "rule/",
				  fact_request(w, "rule")));
		fact_put(w, SLOT_ROLE, role);
		fact_end(w);
	}
}

const struct fact_handler fact_lambda_handlers[] = {
	{ "lambda", "CreateFunction", read_function, COMPUTE_CREATED },
	{ "lambda", "UpdateFunctionConfiguration", read_function,
	  COMPUTE_CONTROLS },
	{ "lambda", "UpdateFunctionCode", read_function, COMPUTE_CONTROLS },
	{ "lambda", "Invoke", read_function, COMPUTE_CONTROLS },
	{ "lambda", "InvokeAsync", read_function, COMPUTE_CONTROLS },
	{ "lambda", "InvokeWithResponseStream", read_function,
	  COMPUTE_CONTROLS },
	{ "lambda", "UpdateAlias", read_function, COMPUTE_CONTROLS },
	{ "lambda", "CreateFunctionUrlConfig", read_function,
	  COMPUTE_CONTROLS },
	{ "lambda", "UpdateFunctionUrlConfig", read_function,
	  COMPUTE_CONTROLS },
	{ "lambda", "PutFunctionEventInvokeConfig", read_function,
	  COMPUTE_CONTROLS },
	{ "lambda", "PublishLayerVersion", read_layer, COMPUTE_CREATED },
	{ "lambda", "CreateEventSourceMapping", read_mapping,
	  COMPUTE_CONTROLS },
	{ "lambda", "UpdateEventSourceMapping", read_mapping,
	  COMPUTE_CONTROLS },
	{ "lambda", "DeleteFunction", read_delete, END_TERMINATED },
	{ "events", "PutTargets", read_targets, COMPUTE_CONTROLS },
	{ NULL, NULL, NULL, 0 },
};
