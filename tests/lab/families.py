"""Which family a cause belongs to: the folder of its cases."""

from __future__ import annotations

_CAUSES = {
    "input-data": """
        channel-count-mismatch no-input-cases file-naming file-ending-mismatch
        missing-label-or-image shape-mismatch geometry-mismatch spacing-invalid
        nonorthonormal-direction image-unreadable unsupported-image-format label-values-unexpected
        labels-not-consecutive region-config-invalid dataset-json-invalid dataset-not-found
        dataset-id-ambiguous nan-in-data empty-foreground
    """,
    "paths-and-system": """
        env-vars-not-set path-problem permission-denied disk-full shm-too-small open-files-limit
        process-limit storage-io-error
    """,
    "preprocessing-and-plans": """
        not-preprocessed preprocessed-data-corrupt stale-preprocessed configuration-not-in-plans
        cascade-previous-stage-missing plans-incompatible plans-edited splits-invalid
    """,
    "memory": """
        gpu-out-of-memory host-out-of-memory
    """,
    "gpu-and-torch": """
        cuda-unavailable gpu-arch-unsupported cuda-driver-mismatch cudnn-failure cuda-runtime-error
        hardware-fault torch-compile-failure mps-unsupported ddp-failure nan-loss numerical-overflow
    """,
    "models-and-checkpoints": """
        checkpoint-missing checkpoint-corrupt checkpoint-mismatch weights-only-load
        trainer-not-found training-incomplete probabilities-missing model-download-failed
        output-folder-not-empty
    """,
    "installation": """
        nnunet-not-installed wrong-environment nnunet-outdated nnunet-v1-v2-confusion
        dependency-version-conflict dependency-missing python-version-unsupported os-unsupported
        cli-usage-error
    """,
    "processes": """
        background-worker-died native-crash missing-main-guard worker-timeout-or-hang job-killed
        slow-training
    """,
    "evaluation-and-code": """
        evaluation-mismatch custom-code-error earlier-step-failed
    """,
    "no-fault": """
        harmless-warning no-failure not-nnunet unknown
    """,
}
FAMILIES = {cause: family for family, causes in _CAUSES.items() for cause in causes.split()}
