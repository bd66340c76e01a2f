#!/usr/bin/env bash
# All GPU measurements on a machine with a GPU, which may have no network. Run in the repository's root:
#   here:  ../shared/tools/pack_for_gpu.sh .gpu        (then take the working tree and .gpu there)
#   there: bench/gpu/on_machine.sh OUT                 (about 10 minutes; results and logs are put in OUT)
# Every part has a time limit and goes on after a part that fails; the last line counts the failures.
set -uo pipefail
out=$(mkdir -p "${1:?usage: on_machine.sh OUT}" && cd "$1" && pwd)
if [ -d .gpu ]; then
  for package in .gpu/*.deb; do dpkg -x "$package" / && ldconfig; done
  mkdir -p .gpu/dir && tar xJf .gpu/cache.tar.xz -C .gpu/dir
  xz -dc .gpu/deno.xz >.gpu/deno && chmod +x .gpu/deno
  export DENO_DIR=$PWD/.gpu/dir PATH=$PWD/.gpu:$PATH
fi
export XDG_RUNTIME_DIR=${XDG_RUNTIME_DIR:-/tmp} NO_COLOR=1
if [ -z "${VK_DRIVER_FILES:-}" ]; then
  icd=$(find /etc/vulkan /usr/share/vulkan -name 'nvidia_icd*.json' 2>/dev/null | head -n 1)
  [ -n "$icd" ] && export VK_DRIVER_FILES=$icd
fi

failed=0
part() {
  local name=$1 limit=$2
  shift 2
  echo "== $name"
  timeout "$limit" "$@" >"$out/$name.log" 2>&1 || { echo "$name failed"; failed=$((failed + 1)); }
  tail -n 5 "$out/$name.log"
}
run=(deno run -A --cached-only)
part doctor 60 "${run[@]}" cli/main.ts doctor
TERSE_REQUIRE=webgpu part tests 180 deno test -A --cached-only --no-check \
  tests/gpu_encoder_test.ts tests/bench_gpu_test.ts
part full 180 "${run[@]}" bench/gpu.ts --network full --out "$out/full.json"
part compact 90 "${run[@]}" bench/gpu.ts --network compact --catalogs 40 --out "$out/compact.json"
part encoder_bench 120 deno bench -A --cached-only --no-check bench/encoder_bench.ts
part step_bench 120 deno bench -A --cached-only --no-check bench/step_bench.ts
if python3 -c 'import torch; assert torch.cuda.is_available()' 2>/dev/null; then
  part pytorch 90 "${run[@]}" bench/gpu/pytorch.ts
else
  echo "PyTorch with CUDA is not here: no peer is measured"
fi
echo "$failed parts failed"
[ "$failed" -eq 0 ]
