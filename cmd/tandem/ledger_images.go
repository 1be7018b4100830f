package main

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/spf13/cobra"

	"tandem/api/gen"
	"tandem/fault"
)

// maxImage is the largest image that the API takes, in bytes.
const maxImage = 10 << 20

func newProductImages() *cobra.Command {
	c := remoteGroup("image", "Give products of the ledger images", newImageAdd(), newImageRemove(), newImageShow())
	c.Example = `  tandem ledger products image add 12 front.jpg --alt "Mobile phone, front"
  tandem ledger products image add 12 red.jpg --variant 12/34
  tandem ledger products image remove 12 front.jpg`
	return c
}

func newImageAdd() *cobra.Command {
	var alt, variant string
	c := remoteCommand("add ID FILE", "Put an image behind the others of a product", cobra.ExactArgs(2), func(c *cobra.Command, args []string) error {
		content, err := readImage(c, args[1])
		if err != nil {
			return err
		}
		var now gen.LedgerProduct
		if err := remote().Upload(c.Context(), imageAddress(args[0], hexDigest(content)), given("alt", alt, "variant", variant), content, &now); err != nil {
			return err
		}
		return printJSON(c.OutOrStdout(), now)
	})
	c.Long += `

Stores get it when the product is exported, if config.export.images is on. JPEG, PNG, GIF and WebP of at most 10 MiB are taken. An image that
the product has already is not put there twice.`
	c.Flags().StringVar(&alt, "alt", "", "text for those who do not see the image")
	variantFlag(c, &variant)
	return c
}

func newImageRemove() *cobra.Command {
	var variant string
	c := remoteCommand("remove ID IMAGE", "Take an image off a product", cobra.ExactArgs(2), func(c *cobra.Command, args []string) error {
		digest, err := namedDigest(c, args[1])
		if err != nil {
			return err
		}
		path := imageAddress(args[0], digest)
		if query := given("variant", variant); len(query) > 0 {
			path += "?" + query.Encode()
		}
		var now gen.LedgerProduct
		if err := remote().Delete(c.Context(), path, &now); err != nil {
			return err
		}
		return printJSON(c.OutOrStdout(), now)
	})
	c.Long += imageArgumentHelp
	variantFlag(c, &variant)
	return c
}

func newImageShow() *cobra.Command {
	c := remoteCommand("show ID IMAGE", "Write the bytes of an image to standard output", cobra.ExactArgs(2), func(c *cobra.Command, args []string) error {
		digest, err := namedDigest(c, args[1])
		if err != nil {
			return err
		}
		return remote().Download(c.Context(), imageAddress(args[0], digest), nil, c.OutOrStdout())
	})
	c.Long += imageArgumentHelp
	return c
}

const imageArgumentHelp = `

IMAGE is the digest that "tandem ledger products show ID" prints, or a file with the same bytes.`

func variantFlag(c *cobra.Command, variant *string) {
	c.Flags().StringVar(variant, "variant", "", "the variant whose own image it is, e.g. 12/34; the product's gallery by default")
}

func imageAddress(product, digest string) string {
	return address("ledger", "products", product, "images", digest)
}

// namedDigest gives the digest of an image that is named by it, or by a file.
func namedDigest(c *cobra.Command, image string) (string, error) {
	digest := strings.TrimPrefix(image, "sha256:")
	if raw, err := hex.DecodeString(digest); err == nil && len(raw) == sha256.Size {
		return strings.ToLower(digest), nil
	}
	content, err := readImage(c, image)
	return hexDigest(content), err
}

func hexDigest(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// readImage reads a file, or standard input.
func readImage(c *cobra.Command, file string) ([]byte, error) {
	content, err := readUpTo(c, file, maxImage)
	if err == nil && len(content) > maxImage {
		err = fault.New(fault.Invalid, "%s is larger than 10 MiB", file)
	}
	if err != nil {
		return nil, err
	}
	return content, nil
}
