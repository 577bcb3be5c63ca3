from .history import PublicEvent
from .post import Picture, PictureSize, Post, PostState
from .score import PublishedScore
from .site import SiteSettings
from .unit import Innovation, UnitProfile, WorkTeamMember

__all__ = [
    "Innovation",
    "Picture",
    "PictureSize",
    "Post",
    "PostState",
    "PublicEvent",
    "PublishedScore",
    "SiteSettings",
    "UnitProfile",
    "WorkTeamMember",
]
