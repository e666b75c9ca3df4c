"""Names of classes and functions that a release of nnunetv2 defines, for who has no installation to look into.

Made with `git grep` over the folders of training/nnUNetTrainer, imageio and preprocessing in v2.0 to v2.8.1.
"""

from __future__ import annotations

TRAINERS = frozenset(
    [
        "AbstractPrimus",
        "TensorToNumpy",
        "_Primus_B_96_BS1",
        "_Primus_L_48_BS1",
        "_Primus_M_96_BS1",
        "_Primus_S_96_BS1",
        "nnInteractiveTrainerV2_educatedGuess2_pseudolabels_CVPRAugs_lr1en3_predCorrupt_lassso_scribble",
        "nnUNetTrainer",
        "nnUNetTrainerAdam",
        "nnUNetTrainerAdam1en3",
        "nnUNetTrainerAdam3en4",
        "nnUNetTrainerAdan",
        "nnUNetTrainerAdan1en1",
        "nnUNetTrainerAdan1en3",
        "nnUNetTrainerAdan3en4",
        "nnUNetTrainerAdanCosAnneal",
        "nnUNetTrainerBN",
        "nnUNetTrainerBenchmark_5epochs",
        "nnUNetTrainerBenchmark_5epochs_noDataLoading",
        "nnUNetTrainerCELoss",
        "nnUNetTrainerCELoss_5epochs",
        "nnUNetTrainerCosAnneal",
        "nnUNetTrainerDA5",
        "nnUNetTrainerDA5Segord0",
        "nnUNetTrainerDA5_10epochs",
        "nnUNetTrainerDA5ord0",
        "nnUNetTrainerDAOrd0",
        "nnUNetTrainerDiceCELoss_noSmooth",
        "nnUNetTrainerDiceLoss",
        "nnUNetTrainerDiceTopK10Loss",
        "nnUNetTrainerNoDA",
        "nnUNetTrainerNoDeepSupervision",
        "nnUNetTrainerNoMirroring",
        "nnUNetTrainerTopk10Loss",
        "nnUNetTrainerTopk10LossLS01",
        "nnUNetTrainerVanillaAdam",
        "nnUNetTrainerVanillaAdam1en3",
        "nnUNetTrainerVanillaAdam3en4",
        "nnUNetTrainer_100epochs",
        "nnUNetTrainer_10epochs",
        "nnUNetTrainer_1epoch",
        "nnUNetTrainer_2000epochs",
        "nnUNetTrainer_2000epochs_NoMirroring",
        "nnUNetTrainer_20epochs",
        "nnUNetTrainer_250epochs",
        "nnUNetTrainer_250epochs_NoMirroring",
        "nnUNetTrainer_4000epochs",
        "nnUNetTrainer_4000epochs_NoMirroring",
        "nnUNetTrainer_500epochs",
        "nnUNetTrainer_50epochs",
        "nnUNetTrainer_5epochs",
        "nnUNetTrainer_750epochs",
        "nnUNetTrainer_8000epochs",
        "nnUNetTrainer_8000epochs_NoMirroring",
        "nnUNetTrainer_DASegOrd0",
        "nnUNetTrainer_DASegOrd0_NoMirroring",
        "nnUNetTrainer_noDummy2DDA",
        "nnUNetTrainer_onlyMirror01",
        "nnUNetTrainer_onlyMirror01_1500ep",
        "nnUNetTrainer_onlyMirror01_DA5",
        "nnUNetTrainer_onlyMirror01_DASegOrd0",
        "nnUNetTrainer_probabilisticOversampling",
        "nnUNetTrainer_probabilisticOversampling_010",
        "nnUNetTrainer_probabilisticOversampling_033",
        "nnUNetTrainer_warmup",
        "nnUNet_PrimusV2B_Trainer",
        "nnUNet_PrimusV2L_Trainer",
        "nnUNet_PrimusV2M_Trainer",
        "nnUNet_PrimusV2S_Trainer",
        "nnUNet_PrimusV3B_Trainer",
        "nnUNet_PrimusV3L_Trainer",
        "nnUNet_PrimusV3M_Trainer",
        "nnUNet_PrimusV3S_Trainer",
        "nnUNet_Primus_B_Trainer",
        "nnUNet_Primus_L_Trainer",
        "nnUNet_Primus_M_Trainer",
        "nnUNet_Primus_M_Trainer_BS8",
        "nnUNet_Primus_M_Trainer_BS8_2e4",
        "nnUNet_Primus_S_Trainer",
        "nnUNet_Trainer_BS8",
    ]
)
READERS = frozenset(
    ("NaturalImage2DIO", "NibabelIO", "NibabelIOWithReorient", "SimpleITKIO", "SimpleITKIOWithReorient", "Tiff3DIO")
)
PREPROCESSORS = frozenset(("DefaultPreprocessor",))
NORMALIZATIONS = frozenset(
    (
        "CTNormalization",
        "ImageNormalization",
        "NoNormalization",
        "RGBTo01Normalization",
        "RescaleTo01Normalization",
        "ZScoreNormalization",
    )
)
RESAMPLERS = frozenset(
    (
        "no_resampling_hack",
        "resample_data_or_seg",
        "resample_data_or_seg_to_shape",
        "resample_data_or_seg_to_spacing",
        "resample_torch_fornnunet",
        "resample_torch_simple",
    )
)
