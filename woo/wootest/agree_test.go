package wootest

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// volatile are the fields whose values a clock, a counter or the wording of the real program decides. Their types must
// agree all the same.
var volatile = regexp.MustCompile(`(^|\.)(id|number|order_key|payment_url|permalink|href|price_html|avatar_url|hooks|value|display_value|` +
	`average_rating|description|resource_id|rate_id|\w*_id|date_\w+|parent|slug|src|variations|grouped_products)$`)

// opaque are objects whose keys are data, or longer here than there.
var opaque = regexp.MustCompile(`(^|\.)(options|settings|related_ids|targetHints|default|hooks|post_type_counts|_links\.customer)$`)

// agree holds a reply against a recorded one, by value or by shape.
func agree(t *testing.T, how comparison, ids renaming, at string, want, got any) {
	t.Helper()
	if problem := disagreement(how, at, want, got); problem != "" {
		require.Fail(t, problem)
	}
}

// disagreement names the first difference, or is empty.
func disagreement(how comparison, at string, want, got any) string {
	if opaque.MatchString(at) {
		return ""
	}
	switch w := want.(type) {
	case map[string]any:
		return objectDisagreement(how, at, w, got)
	case []any:
		return listDisagreement(how, at, w, got)
	}
	if how == shape && (want == nil || got == nil || strings.HasSuffix(at, ".image.id")) {
		return "" // a date that one record has and another has not; an image id is "" or a number depending on the product
	}
	if fmt.Sprintf("%T", want) != fmt.Sprintf("%T", got) {
		return fmt.Sprintf("%s: recorded %T %v, got %T %v", at, want, want, got, got)
	}
	if how == values && want != got && !volatile.MatchString(at) {
		return fmt.Sprintf("%s: recorded %v, got %v", at, want, got)
	}
	return ""
}

func objectDisagreement(how comparison, at string, want map[string]any, got any) string {
	g, ok := got.(map[string]any)
	if !ok {
		return fmt.Sprintf("%s: recorded an object, got %T", at, got)
	}
	for key := range g {
		if _, known := want[key]; !known && !opaque.MatchString(at+"."+key) {
			return fmt.Sprintf("%s: got the field %q, which is not in the recording", at, key)
		}
	}
	for key, value := range want {
		other, present := g[key]
		if !present && !opaque.MatchString(at+"."+key) {
			return fmt.Sprintf("%s: the field %q is missing", at, key)
		}
		if problem := disagreement(how, at+"."+key, value, other); problem != "" {
			return problem
		}
	}
	return ""
}

// listDisagreement compares item by item, or by shape each item with any recorded one.
func listDisagreement(how comparison, at string, want []any, got any) string {
	g, ok := got.([]any)
	if !ok {
		return fmt.Sprintf("%s: recorded a list, got %T", at, got)
	}
	if how == values {
		if len(want) != len(g) {
			return fmt.Sprintf("%s: recorded %d items, got %d", at, len(want), len(g))
		}
		for i := range want {
			if problem := disagreement(how, at, want[i], g[i]); problem != "" {
				return problem
			}
		}
		return ""
	}
	if at == "" && len(g) == 0 {
		return "the list is empty, nothing was compared"
	}
	return shapesDisagreement(at, want, g)
}

func shapesDisagreement(at string, want, got []any) string {
	for _, item := range got {
		var problems []string
		fits := len(want) == 0 || slices.ContainsFunc(want, func(w any) bool {
			problem := disagreement(shape, at, w, item)
			problems = append(problems, problem)
			return problem == ""
		})
		if !fits {
			return strings.Join(slices.Compact(problems), "\n")
		}
	}
	return ""
}
