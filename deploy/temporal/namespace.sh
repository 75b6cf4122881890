#!/bin/sh
# The namespace and its search attributes; what is there already stays. The same commands serve any cluster of your own.
set -eu
namespace=${TEMPORAL_NAMESPACE:-echonos}
temporal operator namespace describe --namespace "$namespace" >/dev/null 2>&1 ||
    temporal operator namespace create --namespace "$namespace" --retention 720h
known=$(temporal operator search-attribute list --namespace "$namespace")
for name in EchonosAccount EchonosSong EchonosVideo EchonosStyle EchonosStage EchonosState EchonosProvider; do
    case $known in
    *"$name"*) ;;
    *) temporal operator search-attribute create --namespace "$namespace" --name "$name" --type Keyword ;;
    esac
done
