package main

import (
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"tandem/api/gen"
)

func newLinks() *cobra.Command {
	return remoteGroup("links", "List and set which store record is which ERP record", newLinksList(), newLinksChecks(), newLinksSet(), newLinksRemove(),
		newLinksExport(), newLinksImport(), newLinksMatch(), newLinksMatches(), newLinksApply())
}

func newLinksList() *cobra.Command {
	var instance, entity, state, wooID, erpID, parentID string
	var limit int
	c := remoteCommand("list", "List links, newest first", cobra.NoArgs, func(c *cobra.Command, _ []string) error {
		var page gen.LinkPage
		query := given("instance", instance, "entity", entity, "state", state, "woo_id", wooID, "erp_id", erpID, "parent_id", parentID, "limit", strconv.Itoa(limit))
		if err := remote().Get(c.Context(), "/links", query, &page); err != nil {
			return err
		}
		if err := warnOfOldStates(c, instance, entity); err != nil {
			return err
		}
		return answer(c, page.Items, func(w io.Writer) error {
			rows := make([][]any, len(page.Items))
			for i, l := range page.Items {
				rows[i] = []any{l.Instance, l.Entity, l.WooID, cut(orDash(l.Label), 40), l.ERPID, l.State, changeOf(l), orDash(l.StoreState), relationText(l)}
			}
			return printTable(w, []any{"INSTANCE", "ENTITY", "ID", "NAME", "IN THE ERP", "STATE", "CHANGED", "GONE FROM THE STORE", "BELONGS TO"}, rows, "no links found")
		})
	})
	c.Flags().StringVar(&instance, "instance", "", "only of this store")
	c.Flags().StringVar(&entity, "entity", "", "only of this kind, e.g. product")
	c.Flags().StringVar(&state, "state", "", "only in this state: synchronised, unsynchronised")
	c.Flags().StringVar(&wooID, "id", "", "only of this record, by the store's id")
	c.Flags().StringVar(&erpID, "erp-id", "", "only of this record, by the ERP's id")
	c.Flags().StringVar(&parentID, "parent", "", "only those that belong to this record, by the store's id")
	limitFlag(c, &limit)
	completingFlag(c, "instance", instanceIDs)
	completingFlag(c, "entity", entityNames)
	completingFlag(c, "state", words("synchronised", "unsynchronised"))
	return c
}

// relationText says to which other record of the store one belongs.
func relationText(l gen.Link) string {
	return orDash(strings.TrimSpace(strings.ReplaceAll(l.Relation, "_", " ") + " " + l.ParentID))
}

func newLinksSet() *cobra.Command {
	c := remoteCommand("set INSTANCE ENTITY ID ERP-ID", "Map a store record to an ERP record that exists already", cobra.ExactArgs(4), func(c *cobra.Command, args []string) error {
		var mapped gen.MappedLink
		if err := remote().Put(c.Context(), address("links", args[0], args[1], args[2]), map[string]string{"erp_id": args[3]}, &mapped); err != nil {
			return err
		}
		return told(c, mapped, "%s/%s/%s is %s in the ERP; %d records that waited for it go on", args[0], args[1], args[2], args[3], mapped.Woken)
	})
	return completing(c, instanceIDs, entityNames, words())
}

func newLinksRemove() *cobra.Command {
	c := remoteCommand("remove INSTANCE ENTITY ID", "Unlink a store record; the ERP's record stays", cobra.ExactArgs(3), func(c *cobra.Command, args []string) error {
		if err := remote().Delete(c.Context(), address("links", args[0], args[1], args[2]), nil); err != nil {
			return err
		}
		return told(c, map[string]string{"removed": args[0] + "/" + args[1] + "/" + args[2]},
			"unlinked %s/%s/%s: its next import looks for a record that fits, or creates one", args[0], args[1], args[2])
	})
	return completing(c, instanceIDs, entityNames, words())
}
