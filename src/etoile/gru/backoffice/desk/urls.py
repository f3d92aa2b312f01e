"""Addresses of what agents keep beside cases, under `/agents/`."""

from django.urls import path

from etoile.gru.backoffice.desk import acts, key_views, label_views, near, news, reply_views

patterns = [
    path("a-l-oeil/", news.listing, name="news"),
    path("etiquettes/", label_views.listing, name="labels"),
    path("etiquettes/<int:pk>/", label_views.change, name="label"),
    path("touches/", key_views.switch, name="keys"),
    path("reponses/", reply_views.listing, name="replies"),
    path("reponses/nouvelle/", reply_views.edit, name="reply-new"),
    path("reponses/<int:pk>/", reply_views.edit, name="reply"),
    path("demandes/<uuid:pk>/notes/", acts.write_note, name="note"),
    path("demandes/<uuid:pk>/notes/<uuid:note>/retrait/", acts.withdraw_note, name="note-withdraw"),
    path("demandes/<uuid:pk>/etiquettes/", acts.put_labels, name="put-labels"),
    path("demandes/<uuid:pk>/a-l-oeil/", acts.watch, name="watch"),
    path("demandes/<uuid:pk>/proches/", near.link, name="link"),
    path("demandes/<uuid:pk>/proches/<uuid:other>/", near.apart, name="apart"),
    path("demandes/<uuid:pk>/doublon/", near.mark, name="duplicate"),
    path("demandes/<uuid:pk>/doublon/annulation/", near.unmark, name="unduplicate"),
]
