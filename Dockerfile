# syntax=docker/dockerfile:1

FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN --mount=type=cache,target=/go/pkg/mod go mod download
COPY . .
ARG VERSION=dev
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \
    CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.version=${VERSION}" -o /out/tandem ./cmd/tandem

# Certificates and time zones, no shell, and a user that is not root.
FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /out/tandem /tandem
EXPOSE 8080
ENTRYPOINT ["/tandem"]
CMD ["serve"]
