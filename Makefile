# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the remote-nodes authors

.DEFAULT_GOAL := help
export PROMPT ?= a red circle on a blue background
PROFILE ?= cpu

.PHONY: help setup build sample test test-compose bench fuzz sanitize soak memory-check chaos docs check-model train export lint format \
	protos fault-server triton-start triton-status triton-stop clean distclean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## get the machine ready: packages, .triton (also done by sample and test)
	@scripts/setup

build: setup ## build everything for release
	@scripts/build -c release

sample: ## draw a picture: make sample PROMPT="a small yellow star on a purple background"
	@scripts/sample "$$PROMPT"

test: ## run every check and test against a real Triton started for it
	@scripts/test

test-compose: ## run the integration tests against NVIDIA's image: make test-compose PROFILE=gpu
	@scripts/test-compose $(PROFILE)

bench: ## measure the client beside others and write Benchmarks/RESULTS.md (about eleven minutes)
	@scripts/setup --tests
	@.triton/venv/bin/python Benchmarks/run.py

fuzz: ## look for inputs that the decoder or the transport cannot bear: make fuzz INPUTS=1000000
	@scripts/setup --tests
	@scripts/fuzz $(INPUTS)

sanitize: ## run the client's tests with AddressSanitizer, ThreadSanitizer and UndefinedBehaviorSanitizer
	@scripts/setup --tests
	@scripts/sanitize

soak: ## make 200,000 calls and fail if descriptors, threads or memory are left of them
	@scripts/setup --tests
	@scripts/soak

memory-check: ## send 512 MiB three times and fail if the call held more memory than it may
	@scripts/setup --tests
	@scripts/memory-check

chaos: ## make pictures on servers that are killed, frozen and cut off; fail if one is lost (about ten minutes)
	@scripts/setup --tests
	@scripts/chaos

docs: ## make the documentation of the libraries; a dead link is an error
	@scripts/docs

check-model: ## draw 200 prompts and read the pictures back (95 % must be right)
	@scripts/check-model

train: ## say how the model of models/shapes is trained from nothing (two hours on two cores)
	@sed -n '/^## Set up/,/^## Export/p; /^## Train/,/^## Check/p' models/README.md | grep -v '^## [EC]'

export: ## say how a diffusers pipeline folder becomes a Triton model repository
	@sed -n '/^## Set up/,/^## Train/p' models/README.md | grep -v '^## T'

lint: ## check format, headers and scripts
	@scripts/lint

format: ## format the Swift sources in place
	@swift format --in-place --parallel --recursive Package.swift Sources Tests Snippets \
	  Benchmarks/Package.swift Benchmarks/Sources

protos: ## generate Sources/InferenceProtos again after a change in Protos
	@Protos/generate.sh

fault-server: ## build the server that misbehaves on demand, which FaultServerTests use
	@scripts/fault-server build

triton-start: ## start a Triton with models/shapes on ports 8000 to 8002
	@scripts/setup
	@scripts/triton start

triton-status: ## say where that Triton is and what it serves
	@scripts/triton status

triton-stop: ## stop that Triton
	@scripts/triton stop

clean: ## remove what was built
	@rm -rf .build .build-*

distclean: clean ## remove .triton as well
	@scripts/triton stop
	@rm -rf .triton
