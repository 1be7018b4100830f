package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"tandem/api/gen"
	"tandem/fault"
)

func newLinksMatch() *cobra.Command {
	var wanted gen.NewMatching
	var apply, yes, detach bool
	c := remoteCommand("match INSTANCE...", "Look for records that the store and the ERP both have", cobra.MinimumNArgs(1), func(c *cobra.Command, args []string) error {
		wanted.Instances = args
		var op gen.Operation
		if err := remote().Post(c.Context(), "/matches", wanted, &op); err != nil {
			return err
		}
		if detach {
			return told(c, op, "%s", op.ID)
		}
		counts, err := watchMatching(c, op)
		if err != nil {
			return err
		}
		if !apply {
			return tellCounts(c, op.ID, counts)
		}
		return linkFound(c, op.ID, gen.LinkMatchesRequest{}, counts, yes)
	})
	c.Long += `

Nothing is imported, exported or linked by that: look at what was found with "tandem links matches", and link it with --apply or with
"tandem links apply".

Rules, those marked * unless others are named: slug* and name* of terms; slug*, path* and name of categories; own_id*, sku*, barcode*,
slug and name of products; email* and vat of customers; code* of coupons.` + exitHelp
	c.Example = `  tandem links match myshop
  tandem links match myshop --entities product --rules sku,barcode,slug
  tandem links match myshop --entities customer --rules email,vat --apply`
	c.Flags().StringSliceVar(&wanted.Entities, "entities", nil, "what to match, e.g. product,customer; everything by default")
	c.Flags().StringSliceVar(&wanted.Rules, "rules", nil, "by what, in this order, e.g. sku,barcode; the usual rules by default")
	c.Flags().BoolVar(&apply, "apply", false, "link what was found")
	c.Flags().BoolVar(&yes, "yes", false, "with --apply: do not ask")
	c.Flags().BoolVar(&detach, "detach", false, "print the operation's id and do not wait for it")
	c.MarkFlagsMutuallyExclusive("apply", "detach")
	completingFlag(c, "entities", entityNames)
	return completing(c, instanceIDs)
}

// watchMatching waits for the end of a matching and counts what it found.
func watchMatching(c *cobra.Command, op gen.Operation) (gen.MatchCounts, error) {
	var counts gen.MatchCounts
	if err := announce(c.ErrOrStderr(), op); err != nil {
		return counts, err
	}
	ended, err := watchOperation(c.Context(), remote(), op.ID, c.ErrOrStderr())
	if err != nil {
		return counts, err
	}
	if ended.State != gen.OperationStateDone {
		return counts, fault.New(fault.Kind(ended.ErrorKind), "the matching is %s: %s", ended.State, ended.Error)
	}
	return counts, remote().Get(c.Context(), address("matches", op.ID, "counts"), nil, &counts)
}

func tellCounts(c *cobra.Command, operation string, counts gen.MatchCounts) error {
	return answer(c, counts, func(w io.Writer) error {
		rows := make([][]any, len(counts.Items))
		for i, n := range counts.Items {
			where := "both"
			if n.Outcome == "conflict" || n.Outcome == "unmatched" {
				where = map[gen.MatchSide]string{gen.MatchSideStore: "the store", gen.MatchSideERP: "the ERP"}[n.Side]
			}
			rows[i] = []any{n.Instance, n.Entity, n.Outcome, where, n.Count}
		}
		if err := printTable(w, []any{"INSTANCE", "ENTITY", "OUTCOME", "IN", "COUNT"}, rows, "neither side has any records"); err != nil {
			return err
		}
		return say(w, "\nwhat was found:  tandem links matches %s --outcome match (or conflict, unmatched)\nto link it:      tandem links apply %s", operation, operation)
	})
}

func newLinksMatches() *cobra.Command {
	var instance, entity, outcome, side string
	var limit int
	c := remoteCommand("matches OPERATION", "List what a matching found", cobra.ExactArgs(1), func(c *cobra.Command, args []string) error {
		found := gen.MatchPage{Items: []gen.Match{}}
		for query := given("instance", instance, "entity", entity, "outcome", outcome, "side", side); ; query.Set("after", found.Next) {
			query.Set("limit", strconv.Itoa(min(limit-len(found.Items), mostListed)))
			var page gen.MatchPage
			if err := remote().Get(c.Context(), address("matches", args[0]), query, &page); err != nil {
				return err
			}
			found.Items, found.Next = append(found.Items, page.Items...), page.Next
			if page.Next == "" || len(found.Items) >= limit {
				break
			}
		}
		return answer(c, found.Items, func(w io.Writer) error { return printMatches(w, found) })
	})
	c.Flags().StringVar(&instance, "instance", "", "only of this store")
	c.Flags().StringVar(&entity, "entity", "", "only of this kind, e.g. product")
	c.Flags().StringVar(&outcome, "outcome", "", "only these: match, conflict, unmatched, linked, refused")
	c.Flags().StringVar(&side, "side", "", "of conflict and unmatched: only records of this side: store, erp")
	c.Flags().IntVar(&limit, "limit", 50, "how many")
	completingFlag(c, "instance", instanceIDs)
	completingFlag(c, "entity", entityNames)
	completingFlag(c, "outcome", words("match", "conflict", "unmatched", "linked", "refused"))
	completingFlag(c, "side", words("store", "erp"))
	return completing(c, operationIDs)
}

func printMatches(w io.Writer, found gen.MatchPage) error {
	rows := make([][]any, len(found.Items))
	for i, m := range found.Items {
		why := m.Reason
		if len(m.Others) > 0 {
			why = "may be " + strings.Join(m.Others, ", ")
		}
		rows[i] = []any{m.Instance, m.Entity, m.Outcome, orDash(m.WooID), orDash(m.ERPID), orDash(m.Rule), orDash(m.Label), orDash(why)}
	}
	err := printTable(w, []any{"INSTANCE", "ENTITY", "OUTCOME", "ID", "IN THE ERP", "RULE", "NAME", "WHY"}, rows, "nothing found")
	if err == nil && found.Next != "" {
		err = say(w, "there are more: see --limit")
	}
	return err
}

func newLinksApply() *cobra.Command {
	var wanted gen.LinkMatchesRequest
	var yes bool
	c := remoteCommand("apply OPERATION", "Link what a matching found", cobra.ExactArgs(1), func(c *cobra.Command, args []string) error {
		var counts gen.MatchCounts
		if err := remote().Get(c.Context(), address("matches", args[0], "counts"), nil, &counts); err != nil {
			return err
		}
		return linkFound(c, args[0], wanted, counts, yes)
	})
	c.Flags().StringVar(&wanted.Instance, "instance", "", "only of this store")
	c.Flags().StringVar(&wanted.Entity, "entity", "", "only of this kind, e.g. product")
	c.Flags().StringSliceVar(&wanted.WooIds, "ids", nil, "only the matches of these records, by the store's ids")
	c.Flags().BoolVar(&yes, "yes", false, "do not ask")
	completingFlag(c, "instance", instanceIDs)
	completingFlag(c, "entity", entityNames)
	c.Long += exitHelp
	return completing(c, operationIDs)
}

// linkFound links the matches of a matching, once a person has agreed to how many there are.
func linkFound(c *cobra.Command, operation string, wanted gen.LinkMatchesRequest, counts gen.MatchCounts, yes bool) error {
	matched := len(wanted.WooIds)
	if matched == 0 {
		matched = countFound(counts, wanted)
	}
	if matched == 0 {
		return told(c, counts, "nothing to link: no matches")
	}
	if err := confirm(c, yes, fmt.Sprintf("link %d records of the store with those of the ERP", matched)); err != nil {
		return err
	}
	var op gen.Operation
	if err := remote().Post(c.Context(), address("matches", operation, "link"), wanted, &op); err != nil {
		return err
	}
	return followToEnd(c, op)
}

// countFound counts the matches that are meant.
func countFound(counts gen.MatchCounts, wanted gen.LinkMatchesRequest) int {
	matched := 0
	for _, n := range counts.Items {
		if n.Outcome == "match" && (wanted.Instance == "" || n.Instance == wanted.Instance) && (wanted.Entity == "" || n.Entity == wanted.Entity) {
			matched += n.Count
		}
	}
	return matched
}
