"""Analyses for eyes: a page an article, an index of many. Self-contained files; nothing is fetched from anywhere."""

from stance.report.index import Page, index_page
from stance.report.page import article_page
from stance.report.pages import AnalyzeWithPages, pages_folder, prepare_pages, write_index

__all__ = ["AnalyzeWithPages", "Page", "article_page", "index_page", "pages_folder", "prepare_pages", "write_index"]
