package catalog

import (
	"cmp"
	"context"
	"encoding/base64"
	"maps"
	"slices"
	"strings"

	"tandem/erp"
	"tandem/erp/landing"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
	"tandem/fault"
)

// frameKind is a kind of record that is shown with an image.
type frameKind struct {
	model string
	image string // the field
	note  string // the custom field with the digest of what was put there last
}

// Odoo shows a variant without an image of its own with its template's.
var (
	templateFrames = frameKind{"product.template", "image_1920", "x_tandem_image"}
	variantFrames  = frameKind{"product.product", "image_variant_1920", "x_tandem_variant_image"}
)

// frame is where one image goes.
type frame struct {
	frameKind
	id    int64
	noted string // digests of what was put there last: see noteOf; "" for nothing
}

// imageNotes are the digests that a record has.
type imageNotes struct {
	rpc.Row
	Template rpc.Text `json:"x_tandem_image"`
	Variant  rpc.Text `json:"x_tandem_variant_image"`
}

// UpsertImages writes images one by one: each is large, and one that Odoo cannot read holds up no other. One that Odoo breaks off
// at is tried again along with its batch, after the others, and fails in the end. What a person puts in their place stays until
// the store shows another.
func (w *Writer) UpsertImages(ctx context.Context, batch []erp.ShownImage, fetch erp.FetchImage) ([]erp.Outcome, error) {
	if _, err := w.records.Prepared(ctx); err != nil {
		return nil, err
	}
	frames, err := w.frames(ctx, rpc.Map(batch, func(s erp.ShownImage) erp.Key { return s.Key }))
	if err != nil {
		return nil, err
	}
	outcomes := make([]erp.Outcome, len(batch))
	var broken []error // of images that are tried again
	for i, shown := range batch {
		f, ok := frames[shown.Key]
		if !ok {
			outcomes[i] = landing.Failed("unknown_product", "the product has not landed").Outcome(shown.Key)
			continue
		}
		if outcomes[i], err = w.keepImage(ctx, f, shown, fetch); err == nil {
			continue
		}
		if broken = append(broken, err); ctx.Err() != nil || !record.BreaksOff(err) || len(broken) > record.MostBreaks {
			return nil, err
		}
	}
	if len(broken) > 0 {
		return nil, broken[0]
	}
	return outcomes, nil
}

// frames finds where the images of products and variants go, and which are there. A product that is its own only variant
// is shown by its template.
func (w *Writer) frames(ctx context.Context, keys []erp.Key) (map[erp.Key]frame, error) {
	frames, err := w.framesOf(ctx, templateFrames, keys, record.TemplateName)
	if err != nil {
		return nil, err
	}
	rest := slices.DeleteFunc(slices.Clone(keys), func(key erp.Key) bool { _, ok := frames[key]; return ok })
	variants, err := w.framesOf(ctx, variantFrames, rest, record.ExternalName)
	maps.Copy(frames, variants)
	return frames, err
}

func (w *Writer) framesOf(ctx context.Context, kind frameKind, keys []erp.Key, name func(erp.Key) string) (map[erp.Key]frame, error) {
	ids, err := w.records.IDsOf(ctx, kind.model, keys, name)
	if err != nil {
		return nil, err
	}
	noted, err := rpc.SearchByID[imageNotes](ctx, w.rpc, kind.model, slices.Collect(maps.Values(ids)), kind.note)
	frames := make(map[erp.Key]frame, len(ids))
	for key, id := range ids {
		frames[key] = frame{kind, id, cmp.Or(string(noted[id].Template), string(noted[id].Variant))}
	}
	return frames, err
}

// keepImage puts an image where it belongs unless it is there.
func (w *Writer) keepImage(ctx context.Context, f frame, shown erp.ShownImage, fetch erp.FetchImage) (erp.Outcome, error) {
	before, _, _ := strings.Cut(f.noted, " ")
	outcome := erp.Outcome{Key: shown.Key, Status: erp.Unchanged, ID: rpc.FormatID(f.id), Before: before}
	vals := map[string]any{f.image: false, f.note: false}
	if shown.Image != nil {
		outcome.After = shown.Image.Digest
	}
	if outcome.After == outcome.Before || notes(f.noted, outcome.After) {
		return outcome, nil
	}
	checksum := ""
	if shown.Image != nil {
		content, err := fetch(ctx, *shown.Image)
		if ctx.Err() != nil {
			return outcome, ctx.Err()
		}
		if err != nil {
			return landing.Failed("image_unreachable", "the image cannot be fetched (%s)", fault.KindOf(err)).Outcome(shown.Key), nil
		}
		checksum = checksumOf(content)
		vals[f.image], vals[f.note] = base64.StdEncoding.EncodeToString(content), noteOf(outcome.After, checksum)
	}
	suspect := []erp.Key{{Instance: shown.Key.Instance, Entity: shown.Key.Entity + "_image", ID: shown.Key.ID}}
	switch err := w.rpc.Write(ctx, f.model, []int64{f.id}, vals); {
	case err == nil:
		w.records.NoteLanded(suspect)
		outcome.Status = erp.Updated
		if shown.Image != nil && checksum == "" {
			return outcome, w.noteScaled(ctx, f, outcome.After)
		}
		return outcome, nil
	case record.RefusesRecord(err), fault.Is(err, fault.Internal):
		return landing.Failed("image_refused", "%s", err).Outcome(shown.Key), nil
	case record.BreaksOff(err) && ctx.Err() == nil && w.records.NoteBroken(suspect, err) >= record.MostStrikes: // as one that is too large to be read
		return landing.Failed("image_refused", "%s, %d times at this image: show a smaller one", err, record.MostStrikes).Outcome(shown.Key), nil
	default:
		return outcome, err
	}
}

// noteScaled notes what Odoo made of an image that it scaled down.
func (w *Writer) noteScaled(ctx context.Context, f frame, digest string) error {
	held, err := w.imagesOf(ctx, f.frameKind, []int64{f.id})
	if err != nil || held[f.id].Digest == "" {
		return err
	}
	return w.rpc.Write(ctx, f.model, []int64{f.id}, map[string]any{f.note: noteOf(digest, held[f.id].Digest)})
}
