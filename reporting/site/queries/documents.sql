-- Files of a disclosure; whether each is current, and if not, what superseded it.
with parts as (
    select document_id, string_agg(distinct reason, '; ' order by reason) as superseded_reason
    from marts.bridge_disclosure_document
    where not is_current
    group by document_id
),

superseding as (
    select parts.document_id, string_agg(distinct newer.file_name, '; ' order by newer.file_name) as superseded_by
    from marts.bridge_disclosure_document as parts
    inner join marts.dim_document as newer on parts.superseded_by_document_id = newer.document_id
    where not parts.is_current
    group by parts.document_id
),

documents as (
    select
        disclosures.department_key,
        documents.disclosure_key,
        documents.document_id,
        documents.file_name,
        documents.media_type,
        documents.byte_size,
        documents.page_count,
        documents.text_source,
        documents.role,
        documents.is_current,
        documents.printed_date,
        documents.correction,
        parts.superseded_reason,
        superseding.superseded_by
    from marts.dim_document as documents
    inner join marts.dim_disclosure as disclosures on documents.disclosure_key = disclosures.disclosure_key
    left join parts on documents.document_id = parts.document_id
    left join superseding on documents.document_id = superseding.document_id
)

select * from documents
where $scope
order by disclosure_key, is_current desc, file_name, document_id
